import type { CarriedPart } from './carried.ts'
import type { ExpectState, Test } from './circus.ts'
import { missing } from './jest-modules.ts'

/** What one try of a test did to the snapshots: Jest takes it back before the next try. Since 30.5. */
interface AttemptRecord {
  inlineSnapshots: Set<object>
  [field: string]: unknown
}

/** Jest's record of one file's snapshots. */
interface SnapshotState {
  _snapshotData: Record<string, string | undefined>
  _uncheckedKeys: Set<string>
  _counters: Map<string, number>
  _inlineSnapshots: object[]
  _dirty: boolean
  _writeCount?: number
  _attemptRecordsByTest?: WeakMap<object, AttemptRecord>
  added: number
  matched: number
  unmatched: number
  updated: number
}

const VALUES = ['_dirty', '_writeCount', 'added', 'matched', 'unmatched', 'updated'] as const

/** What tests in a branch did to the record, as plain data. The values are absolute: outside, nothing has moved meanwhile. */
export interface SnapshotChanges {
  values: Pick<SnapshotState, (typeof VALUES)[number]>
  data: Array<[string, string | undefined]>
  checked: string[]
  unchecked: string[]
  counters: Array<[string, number | undefined]>
  /** A number stands for the one that was there at that place. */
  inline: Array<number | object>
  /** By the place of the test among all; of inline snapshots their place among all. */
  attempts: Array<{ test: number; inline: number[]; rest: Record<string, unknown> }>
}

/** @param tests of the file, in the same order on both sides */
export function snapshotPart(
  expect: { getState(): ExpectState },
  tests: readonly Test[],
): CarriedPart<SnapshotChanges> {
  const find = (): SnapshotState => {
    const state = expect.getState().snapshotState as SnapshotState | undefined
    if (state?._snapshotData === undefined || state._counters === undefined) {
      throw missing('the snapshot state of expect')
    }
    return state
  }
  return {
    watch: () => watchSnapshots(find(), tests),
    apply: changes => applyChanges(find(), tests, changes),
  }
}

function watchSnapshots(state: SnapshotState, tests: readonly Test[]): () => SnapshotChanges {
  const data = { ...state._snapshotData }
  const unchecked = new Set(state._uncheckedKeys)
  const counters = new Map(state._counters)
  const inline = [...state._inlineSnapshots]
  return () => {
    const places = new Map(inline.map((entry, place) => [entry, place]))
    return {
      values: Object.fromEntries(VALUES.map(key => [key, state[key]])) as SnapshotChanges['values'],
      data: changedKeys(data, state._snapshotData).map(key => [key, state._snapshotData[key]]),
      checked: [...unchecked].filter(key => !state._uncheckedKeys.has(key)),
      unchecked: [...state._uncheckedKeys].filter(key => !unchecked.has(key)),
      counters: [...new Set([...counters.keys(), ...state._counters.keys()])]
        .filter(key => counters.get(key) !== state._counters.get(key))
        .map(key => [key, state._counters.get(key)]),
      inline: state._inlineSnapshots.map(entry => places.get(entry) ?? entry),
      attempts: tests.flatMap((test, index) => {
        const record = state._attemptRecordsByTest?.get(test)
        if (record === undefined) return []
        const { inlineSnapshots, ...rest } = record
        const of = [...inlineSnapshots].map(entry => state._inlineSnapshots.indexOf(entry))
        return [{ test: index, inline: of, rest }]
      }),
    }
  }
}

function applyChanges(state: SnapshotState, tests: readonly Test[], changes: SnapshotChanges): void {
  Object.assign(state, changes.values)
  for (const [key, value] of changes.data) {
    if (value === undefined) delete state._snapshotData[key]
    else state._snapshotData[key] = value
  }
  for (const key of changes.checked) state._uncheckedKeys.delete(key)
  for (const key of changes.unchecked) state._uncheckedKeys.add(key)
  for (const [key, value] of changes.counters) {
    if (value === undefined) state._counters.delete(key)
    else state._counters.set(key, value)
  }
  const before = state._inlineSnapshots
  state._inlineSnapshots = changes.inline.flatMap(entry =>
    typeof entry === 'number' ? (before[entry] ?? []) : entry,
  )
  for (const { test, inline, rest } of changes.attempts) {
    const place = tests[test]
    const entries = inline.flatMap(index => state._inlineSnapshots[index] ?? [])
    if (place !== undefined)
      state._attemptRecordsByTest?.set(place, { ...rest, inlineSnapshots: new Set(entries) })
  }
}

function changedKeys(before: Record<string, unknown>, after: Record<string, unknown>): string[] {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)])
  return [...keys].filter(key => before[key] !== after[key])
}
