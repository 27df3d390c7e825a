// State of every kind, what a test may do to it, and what is seen then: one table, from which the contract of the engines is
// tested and the documentation is written. A kind is made once; what `make` returns changes the state and tells what it saw.
import { asynchronous } from './asynchronous.mjs'
import { bytes } from './bytes.mjs'
import { collections } from './collections.mjs'
import { functions } from './functions.mjs'
import { objects } from './objects.mjs'
import { outside } from './outside.mjs'
import { processes } from './process.mjs'

export const groups = [objects, collections, bytes, functions, asynchronous, processes, outside]

/** By the name of the kind. */
export const kinds = Object.fromEntries(groups.flatMap(({ kinds }) => Object.entries(kinds)))
