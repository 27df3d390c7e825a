import { sharedState } from './state.ts'

/**
 * Runs `callback` before a checkpoint is taken, in its process: the place to close a connection that two processes must
 * not share. Call it where a test file begins.
 *
 * @example
 * beforeFork(() => pool.end())
 */
export function beforeFork(callback: () => unknown): void {
  sharedState().callbacks.before.push(callback)
}

/**
 * Runs `callback` in every branch before the test starts, and before other tests and hooks run in the process of the
 * checkpoint: the place to open again what `beforeFork` closed.
 *
 * @example
 * afterFork(async () => { pool = await connect() })
 */
export function afterFork(callback: () => unknown): void {
  sharedState().callbacks.after.push(callback)
}
