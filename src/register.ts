/**
 * `node --import forkpoint/register script.mjs`: prepares the process for the heap engine. Modules that are loaded from here on
 * have their variables exposed.
 */

import { watchOnceListeners } from './heap/once-listeners.ts'
import { findBoundary } from './heap/roots/boundary.ts'
import { weakJournal } from './heap/weak-journal.ts'
import { sharedState } from './state.ts'
import { exposeModules } from './transform/expose-modules.ts'

const state = sharedState()
if (state.boundary === null) {
  state.boundary = findBoundary()
  weakJournal()
  watchOnceListeners()
  exposeModules(null)
}
