import { AsyncLocalStorage } from 'node:async_hooks'
import { sharedState } from '../state.ts'
import { checkWhy } from './check-why.ts'

/**
 * Declares the host calls safe that are made inside `fn`, awaits included: they are not reported, and don't fail a test.
 *
 * @param options.why shown to the next reader; never optional
 * @returns what `fn` returns
 * @throws {ForkpointError} `ERR_FORKPOINT_OPTION` without `why`
 * @example
 * const log = rollbackSafe(() => execSync('git log'), { why: 'only reads' })
 */
export function rollbackSafe<Result>(fn: () => Result, options: { why: string }): Result {
  checkWhy('rollbackSafe', options)
  const state = sharedState()
  const context = (state.safe ?? new AsyncLocalStorage<string>()) as AsyncLocalStorage<string>
  state.safe = context
  return context.run(options.why, fn)
}
