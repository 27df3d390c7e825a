import type { CarriedPart } from './carried.ts'
import type { ExpectState, Test } from './circus.ts'
import { missing } from './jest-modules.ts'

/** What one try of a test did to the snapshots: Jest takes it back before the next try. Since 30.5. */
interface AttemptRecord {
  inlineSnapshots: Set<object>
  [field: string]: unknown
}

/** Jest's record of one file's snapshots. */
export interface SnapshotState {
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

export const COUNTS = ['_writeCount', 'added', 'matched', 'unmatched', 'updated'] as const

/**
 * What tests in a branch did to the record, as plain data. Nothing is absolute but what is named: where branches run beside one
 * another, the record has moved on outside.
 */
export interface SnapshotChanges {
  isDirty: boolean
  /** By how much they have grown. */
  counts: Partial<Record<(typeof COUNTS)[number], number>>
  data: Array<[string, string | undefined]>
  checked: string[]
  unchecked: string[]
  counters: Array<[string, number | undefined]>
  /** Inline snapshots: those that are gone, by their place among all when the branch began, and those that came. */
  removed: number[]
  inline: object[]
  /** By the place of the test among all; of inline snapshots their place among all, or `-1 - place` among those that came. */
  attempts: Array<{ test: number; inline: number[]; rest: Record<string, unknown> }>
}

/** @param tests of the file, in the same order on both sides */
export function snapshotPart(
  expect: { getState(): ExpectState },
  tests: readonly Test[],
): CarriedPart<SnapshotChanges> {
  return {
    watch: () => watchSnapshots(findSnapshotState(expect), tests),
    apply: changes => applyChanges(findSnapshotState(expect), tests, changes),
  }
}

/** That of the file at hand. */
export function findSnapshotState(expect: { getState(): ExpectState }): SnapshotState {
  const state = expect.getState().snapshotState as SnapshotState | undefined
  if (state?._snapshotData === undefined || state._counters === undefined)
    throw missing('the snapshot state of expect')
  return state
}

function watchSnapshots(state: SnapshotState, tests: readonly Test[]): () => SnapshotChanges {
  const data = { ...state._snapshotData }
  const unchecked = new Set(state._uncheckedKeys)
  const counters = new Map(state._counters)
  const places = new Map(state._inlineSnapshots.map((entry, place) => [entry, place]))
  const counts = COUNTS.map(key => [key, state[key] ?? 0] as const)
  return () => {
    const inline = state._inlineSnapshots.filter(entry => !places.has(entry))
    const placeOf = (entry: object): number => places.get(entry) ?? -1 - inline.indexOf(entry)
    return {
      isDirty: state._dirty,
      counts: Object.fromEntries(counts.map(([key, before]) => [key, (state[key] ?? 0) - before])),
      data: changedKeys(data, state._snapshotData).map(key => [key, state._snapshotData[key]]),
      checked: [...unchecked].filter(key => !state._uncheckedKeys.has(key)),
      unchecked: [...state._uncheckedKeys].filter(key => !unchecked.has(key)),
      counters: [...new Set([...counters.keys(), ...state._counters.keys()])]
        .filter(key => counters.get(key) !== state._counters.get(key))
        .map(key => [key, state._counters.get(key)]),
      removed: [...places].flatMap(([entry, place]) => (state._inlineSnapshots.includes(entry) ? [] : place)),
      inline,
      attempts: tests.flatMap((test, index) => {
        const record = state._attemptRecordsByTest?.get(test)
        if (record === undefined) return []
        const { inlineSnapshots, ...rest } = record
        return [{ test: index, inline: [...inlineSnapshots].map(placeOf), rest }]
      }),
    }
  }
}

function applyChanges(state: SnapshotState, tests: readonly Test[], changes: SnapshotChanges): void {
  state._dirty ||= changes.isDirty
  for (const key of COUNTS) if (changes.counts[key]) state[key] = (state[key] ?? 0) + changes.counts[key]
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
  const gone = new Set(changes.removed)
  state._inlineSnapshots = [...before.filter((_, place) => !gone.has(place)), ...changes.inline]
  for (const { test, inline, rest } of changes.attempts) {
    const place = tests[test]
    const entries = inline.flatMap(at => (at < 0 ? changes.inline[-1 - at] : before[at]) ?? [])
    if (place !== undefined)
      state._attemptRecordsByTest?.set(place, { ...rest, inlineSnapshots: new Set(entries) })
  }
}

function changedKeys(before: Record<string, unknown>, after: Record<string, unknown>): string[] {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)])
  return [...keys].filter(key => before[key] !== after[key])
}

/** What is to be written, as text. */
export function snapshotTexts({ data, inline }: SnapshotChanges): string[] {
  const texts = inline.map(entry => String((entry as { snapshot?: unknown }).snapshot))
  return [...data.map(([key, text]) => `${key}: ${text}`), ...texts]
}
