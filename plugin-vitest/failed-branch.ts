import { describeOutcome, intrinsics, type Outcome } from 'forkpoint/adapter'
import type { RunnerTaskResult } from 'vitest'
import type { Task } from './internals.ts'

/** The result of a test, or suite, whose branch died without one. */
export function failBranch(
  task: Task,
  outcome: Exclude<Outcome, { kind: 'value' }>,
  startTime: number,
): RunnerTaskResult {
  const what = task.type === 'suite' ? 'suite' : 'test'
  const message = `[forkpoint] The ${what} did not end: ${describeOutcome(outcome)}. (ERR_FORKPOINT_CHILD)`
  const at = task.location
    ? `${task.file.filepath}:${task.location.line}:${task.location.column}`
    : `${task.file.filepath}:1:1`
  return {
    state: 'fail',
    startTime,
    duration: intrinsics.dateNow() - startTime,
    retryCount: 0,
    errors: [{ name: 'ForkpointError', message, stack: `ForkpointError: ${message}\n    at ${at}` }],
  }
}
