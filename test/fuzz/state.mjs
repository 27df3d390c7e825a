// All that the engines are to see: what programs are made of, and what they keep.
export { holders } from './holders.mjs'
export { kinds } from './kinds/index.mjs'
export { surroundings } from './surroundings.mjs'

/** By the place of the program in its group. */
export const machines = []
