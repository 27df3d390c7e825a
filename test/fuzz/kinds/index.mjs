// Kinds of state that programs are made of. `build` makes one; `own` is an object for what goes with it; `changes` change it, and
// `reads` tell what reflection does not show. What `forGood` does can't be undone in place: the heap engine says so, in words
// that the pattern knows. `refused` is said of a kind that it does not take at all.
import { collections } from './collections.mjs'
import { functions } from './functions.mjs'
import { later } from './later.mjs'
import { plain } from './plain.mjs'

export const kinds = { ...plain, ...collections, ...functions, ...later }
