import { other } from './other-same-module.mjs'

/** Not exported: as another module has it. */
export const shared = other
