/**
 * `node --import forkpoint/register script.mjs`: transforms what is loaded from here on, so that the heap engine reaches the
 * variables of modules and calls. CommonJS modules are transformed from Node 22.15 on.
 */
import * as module from 'node:module'
import { findBoundary } from './heap/boundary.ts'
import { weakJournal } from './heap/weak-journal.ts'
import { sharedState } from './state.ts'
import { exposeLoaded, type Loaded } from './transform/expose-loaded.ts'

type Load = (url: string, context: unknown) => Loaded
type Hooks = { load(url: string, context: unknown, next: Load): Loaded }

const state = sharedState()
if (state.boundary === null) {
  state.boundary = findBoundary()
  weakJournal()
  // Since Node 22.15.
  const { registerHooks } = module as { registerHooks?: (hooks: Hooks) => void }
  if (registerHooks) registerHooks({ load: (url, context, next) => exposeLoaded(url, next(url, context)) })
  else module.register('./loader.mjs', import.meta.url)
}
