import { isSuite, type TestFile, tasksBelow } from './internals.ts'
import { packResults } from './shipment.ts'
import type { TaskUpdates } from './task-updates.ts'

/** How Vitest words it, the same in 4.1.12 and 5.1.1. */
const NOTE = 'The test run was aborted by the user.'

/**
 * The run was cancelled while a branch had its ear: what of the file has not ended counts as skipped. Vitest sees to that
 * in a process in which a test runs, and none ran in this one.
 */
export function skipPending(file: TestFile, updates: TaskUpdates): void {
  for (const task of tasksBelow(file)) {
    if (task.result !== undefined && task.result.state !== 'run') continue
    task.mode = 'skip'
    task.result = Object.assign({}, task.result, { state: 'skip' as const, note: NOTE })
  }
  // Of a suite that is skipped Vitest reports nothing that is below it.
  for (const suite of file.tasks) {
    if (!isSuite(suite)) continue
    const packs = suite.tasks.flatMap(packResults)
    updates.settle(suite.id, { packs, events: [], isBegun: false, isEnded: false })
  }
}
