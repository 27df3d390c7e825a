import type { CheckpointRecord } from './run-record.ts'
import { median, sum } from './statistics.ts'

/** What rolling back was good for, in milliseconds of work; test files that ran at the same time add up. */
export interface Savings {
  /** Setup not run: the measured setup, times the re-runs avoided. */
  setupMs: number
  /** What that cost: taking checkpoints, restoring, and what bodies lost by running in a branch. */
  spentMs: number
}

export function savingsOf(checkpoints: readonly CheckpointRecord[]): Savings {
  const rolledBack = checkpoints.filter(({ restores }) => restores > 0)
  return {
    setupMs: sum(rolledBack.map(record => record.setupMs * rerunsAvoided(record))),
    spentMs: sum(rolledBack.map(record => record.takeMs + sum(record.restoreMs) + bodyLossMs(record))),
  }
}

/** Without forkpoint every try of a test would have run the setup once. */
function rerunsAvoided({ setupRuns, restores, plainBodyMs }: CheckpointRecord): number {
  return Math.max(0, plainBodyMs.length + restores - setupRuns)
}

/** A branch runs cold code. How cold is known where a body ran the plain way too, after a first one that was cold itself. */
function bodyLossMs({ bodyMs, plainBodyMs }: CheckpointRecord): number {
  const warm = plainBodyMs.slice(1)
  return warm.length === 0 ? 0 : Math.max(0, median(bodyMs) - median(warm)) * bodyMs.length
}
