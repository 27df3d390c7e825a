import type { Outcome, TestOutcome } from 'forkpoint/adapter'
import type { RunnerTaskResult } from 'vitest'
import { failBranch } from './failed-branch.ts'
import type { Test } from './internals.ts'
import type { Shipment } from './shipment.ts'
import type { SnapshotChanges } from './snapshot-changes.ts'

/** What a try of a test came to. */
export function outcomeOf(
  result: RunnerTaskResult | undefined,
  changes: SnapshotChanges | null,
): TestOutcome {
  return {
    state: result?.state ?? 'skip',
    messages: (result?.errors ?? []).map(({ message }) => message),
    snapshots: changes === null ? [] : textsOf(changes),
  }
}

/** What the first try of a test came to that ran in a branch; null where the branch has ended before its body. */
export function outcomeInBranch(test: Test, outcome: Outcome, startTime: number): TestOutcome | null {
  if (outcome.kind !== 'value') return outcomeOf(failBranch(test, outcome, startTime), null)
  const shipment = outcome.value as Shipment
  if (shipment.kind === 'fixture') return null
  const result = shipment.tasks[0]?.result
  if (shipment.kind === 'done') return outcomeOf(result, shipment.snapshots)
  // Vitest has set the state back for the next try.
  return { ...outcomeOf(result, null), state: 'fail' }
}

/** Snapshots that are to be written. */
function textsOf({ data, inline, raw }: SnapshotChanges): string[] {
  const texts = (entries: readonly unknown[]): string[] =>
    entries.map(entry => String((entry as { snapshot?: unknown }).snapshot))
  return [...data.map(([key, text]) => `${key}: ${text}`), ...texts(inline), ...texts(raw)]
}
