import type { Test } from './circus.ts'
import { COUNTS, type SnapshotState } from './snapshot-part.ts'

/**
 * Remembers the record of snapshots as it is now. The function that comes back makes it that again.
 *
 * @param test of which alone snapshots are taken until then
 */
export function keepSnapshots(state: SnapshotState, test: Test): () => void {
  const { _snapshotData: data, _uncheckedKeys: unchecked, _counters: counters, _dirty: isDirty } = state
  const keptData = { ...data }
  const keptUnchecked = [...unchecked]
  const keptCounters = [...counters]
  const inline = [...state._inlineSnapshots]
  const counts = COUNTS.map(key => [key, state[key]] as const)
  const attempt = state._attemptRecordsByTest?.get(test)
  return () => {
    for (const key of Object.keys(data)) if (!(key in keptData)) delete data[key]
    Object.assign(data, keptData)
    unchecked.clear()
    for (const key of keptUnchecked) unchecked.add(key)
    counters.clear()
    for (const [name, count] of keptCounters) counters.set(name, count)
    state._inlineSnapshots.splice(0, state._inlineSnapshots.length, ...inline)
    state._dirty = isDirty
    for (const [key, count] of counts) if (count !== undefined) state[key] = count
    // The next run begins a record of its own.
    if (attempt === undefined) state._attemptRecordsByTest?.delete(test)
    else state._attemptRecordsByTest?.set(test, attempt)
  }
}
