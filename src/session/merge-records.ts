import type { CheckpointRecord } from '../report/run-record.ts'

/**
 * One record per suite: a suite whose nested suites ran in branches of their own is measured in several processes.
 * Counts and lists are added up; the decision and its reason are those of the process that rolled back, if one did. A suite
 * whose setup failed in one process has failed if no test of it ran in another.
 */
export function mergeRecords(records: readonly CheckpointRecord[]): CheckpointRecord[] {
  const merged = new Map<string, CheckpointRecord>()
  for (const record of records) {
    const key = `${record.file}\n${record.suite}`
    const before = merged.get(key)
    merged.set(key, before === undefined ? record : merge(before, record))
  }
  return [...merged.values()]
}

function merge(a: CheckpointRecord, b: CheckpointRecord): CheckpointRecord {
  const leading = rank(b) > rank(a) ? b : a
  const objects = [a, b].flatMap(record => record.objects ?? [])
  const setupRuns = a.setupRuns + b.setupRuns
  return {
    ...leading,
    setupRuns,
    setupMs: setupRuns === 0 ? 0 : (a.setupMs * a.setupRuns + b.setupMs * b.setupRuns) / setupRuns,
    restores: a.restores + b.restores,
    restoreMs: [...a.restoreMs, ...b.restoreMs],
    bodyMs: [...a.bodyMs, ...b.bodyMs],
    plainBodyMs: [...a.plainBodyMs, ...b.plainBodyMs],
    timeline: [...a.timeline, ...b.timeline],
    warmups: Math.max(a.warmups, b.warmups),
    tests: Math.max(a.tests, b.tests),
    residentMb: Math.max(a.residentMb, b.residentMb),
    ...(objects.length > 0 && { objects: Math.max(...objects) }),
  }
}

function rank({ decision, plainBodyMs }: CheckpointRecord): number {
  if (decision === 'rolled-back') return 3
  if (plainBodyMs.length > 0) return 2
  return decision === 'failed' ? 1 : 0
}
