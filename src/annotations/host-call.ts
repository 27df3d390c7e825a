import { ForkpointError } from '../errors.ts'
import type { Call } from '../host/patches.ts'
import { sharedState } from '../state.ts'
import { checkWhy } from './check-why.ts'
import { onRollback } from './on-rollback.ts'
import { rollbackSafe } from './rollback-safe.ts'

export interface HostCallOptions<Args extends unknown[], Result> {
  /** What it is called in reports: `'mailer.send'`. */
  call: string
  nature: 'safe' | 'compensable' | 'unsafe'
  /** Of a compensable call: takes it back when the test has ended. */
  undo?: (result: Awaited<Result>, args: Args) => unknown
  /** Why is this right? */
  why: string
}

/**
 * Wraps a function of one's own as a host call of a known nature. Host calls within it are part of it: they are not reported.
 *
 * @throws {ForkpointError} `ERR_FORKPOINT_OPTION` without `why`, or for a compensable call without `undo`
 * @example
 * export const createBucket = hostCall((name: string) => s3.create(name), {
 *   call: 's3.create',
 *   nature: 'compensable',
 *   undo: (_, [name]) => s3.remove(name),
 *   why: 'each test has buckets of its own',
 * })
 */
export function hostCall<Args extends unknown[], Result>(
  fn: (...args: Args) => Result,
  options: HostCallOptions<Args, Result>,
): (...args: Args) => Result {
  checkWhy('hostCall', options)
  const { call, nature, undo, why } = options
  if (nature === 'compensable' && undo === undefined) {
    throw new ForkpointError(
      'ERR_FORKPOINT_OPTION',
      `Failed to call \`hostCall\`: \`${call}\` is compensable, and \`undo\` is missing`,
      { path: 'undo' },
    )
  }
  return function annotated(this: unknown, ...args: Args): Result {
    if (nature === 'unsafe') report(call, why, annotated as Call)
    const result = rollbackSafe(() => Reflect.apply(fn, this, args) as Result, { why })
    if (nature === 'compensable' && undo !== undefined) registerUndo(undo, result, args)
    return result
  }
}

function report(call: string, why: string, below: Call): void {
  const declared = { call, effect: 'declared', nature: 'unsafe', resource: '' } as const
  sharedState().guard?.report(declared, below, { why })
}

/** Outside a test there is nothing to be rolled back: what a setup does, its teardown undoes. */
function registerUndo<Args extends unknown[], Result>(
  undo: (result: Awaited<Result>, args: Args) => unknown,
  result: Result,
  args: Args,
): void {
  if (sharedState().host?.isInTest?.() !== true) return
  // At once, so that it keeps its place among the others; a call that has failed has nothing to take back.
  onRollback(async () => {
    const settled = await Promise.allSettled([result])
    const [outcome] = settled
    if (outcome.status === 'fulfilled') await undo(outcome.value, args)
  })
}
