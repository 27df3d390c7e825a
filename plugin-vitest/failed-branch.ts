import { describeDeath, intrinsics, type Outcome } from 'forkpoint/adapter'
import type { RunnerTaskResult } from 'vitest'
import type { Task } from './internals.ts'

/** The result of a test, or suite, whose branch died without one. */
export function failBranch(
  task: Task,
  outcome: Exclude<Outcome, { kind: 'value' }>,
  startTime: number,
): RunnerTaskResult {
  const message = describeDeath(task.type === 'suite' ? 'suite' : 'test', outcome)
  // Without `includeTaskLocation` Vitest does not know where the test stands; a wrong place would be worse than none.
  const at = task.location
    ? `\n    at ${task.file.filepath}:${task.location.line}:${task.location.column}`
    : ''
  return {
    state: 'fail',
    startTime,
    duration: intrinsics.dateNow() - startTime,
    retryCount: 0,
    errors: [{ name: 'ForkpointError', message, stack: `ForkpointError: ${message}${at}` }],
  }
}
