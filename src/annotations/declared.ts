import { AsyncLocalStorage } from 'node:async_hooks'
import { sharedState } from '../state.ts'

/** Code whose host calls are spoken for is under way. */
export interface Declared {
  /** How many undos have been registered within it. */
  undos: number
  outer: Declared | null
}

/** Runs `fn`, awaits included, as code whose host calls are not reported: somebody has said what they are. */
export function runDeclared<Result>(declared: Declared, fn: () => Result): Result {
  const state = sharedState()
  const context = (state.safe ?? new AsyncLocalStorage<Declared>()) as AsyncLocalStorage<Declared>
  state.safe = context
  return context.run(declared, fn)
}

export function findDeclared(): Declared | null {
  const context = sharedState().safe as AsyncLocalStorage<Declared> | null
  return context?.getStore() ?? null
}

/** An undo was registered: it is that of all code that is under way here. */
export function noteUndo(): void {
  for (let declared = findDeclared(); declared !== null; declared = declared.outer) declared.undos++
}
