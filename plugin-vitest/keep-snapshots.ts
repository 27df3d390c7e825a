import type { SnapshotState } from './snapshot-changes.ts'

const LISTS = ['_rawSnapshots', '_inlineSnapshots', '_inlineSnapshotStacks'] as const
const MAPS = ['_counters', 'added', 'matched', 'unmatched', 'updated'] as const

/** Remembers the record of snapshots as it is now. The function that comes back makes it that again. */
export function keepSnapshots(state: SnapshotState): () => void {
  const { _snapshotData: data, _uncheckedKeys: unchecked, _testIdToKeys: keys, _dirty: isDirty } = state
  const keptData = { ...data }
  const keptUnchecked = [...unchecked]
  const keptKeys = [...keys].map(([id, own]) => [id, [...own]] as const)
  const lists = LISTS.map(name => [...state[name]])
  const maps = MAPS.map(name => [...state[name]])
  return () => {
    for (const key of Object.keys(data)) if (!(key in keptData)) delete data[key]
    Object.assign(data, keptData)
    unchecked.clear()
    for (const key of keptUnchecked) unchecked.add(key)
    keys.clear()
    for (const [id, own] of keptKeys) keys.set(id, [...own])
    LISTS.forEach((name, i) => {
      state[name] = [...(lists[i] ?? [])] as never
    })
    MAPS.forEach((name, i) => {
      state[name].clear()
      for (const [key, count] of maps[i] ?? []) state[name].set(key, count)
    })
    state._dirty = isDirty
  }
}
