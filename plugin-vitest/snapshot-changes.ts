import { missing } from './internals.ts'

interface CounterMap extends Map<string, number> {
  increment(key: string): void
}

/** Where an inline snapshot stands, and whose it is; Vitest's entries hold more. */
interface InlinePlace {
  testId: string
  file?: string
  line?: number
  column?: number
}

/** Vitest's record of one file's snapshots. The same fields in 4.1.12 and 5.1.1. */
export interface SnapshotState {
  _snapshotData: Record<string, string | undefined>
  _uncheckedKeys: Set<string>
  _rawSnapshots: unknown[]
  _inlineSnapshots: InlinePlace[]
  _inlineSnapshotStacks: InlinePlace[]
  _counters: CounterMap
  _testIdToKeys: Map<string, string[]>
  _dirty: boolean
  added: CounterMap
  matched: CounterMap
  unmatched: CounterMap
  updated: CounterMap
}

const COUNTERS = ['added', 'matched', 'unmatched', 'updated'] as const

/** What tests in a branch did to the record, as plain data. */
export interface SnapshotChanges {
  data: Array<[string, string | undefined]>
  checked: string[]
  raw: unknown[]
  inline: InlinePlace[]
  stacks: InlinePlace[]
  /** Inline snapshots that were there and have been taken out. */
  taken: InlinePlace[]
  counters: Array<[string, number]>
  keys: Array<[string, string[]]>
  counts: Array<{ counter: (typeof COUNTERS)[number]; id: string; count: number }>
  isDirty: boolean
}

/** Finds the record in a runner's private client. */
export function snapshotStateOf(runner: object, filepath: string): SnapshotState {
  const { snapshotClient } = runner as { snapshotClient?: { getSnapshotState(path: string): SnapshotState } }
  const state = snapshotClient?.getSnapshotState(filepath)
  if (state?._snapshotData === undefined || state._testIdToKeys === undefined)
    throw missing('the snapshot state')
  return state
}

/** Remembers the record as it is when a branch begins, and tells what changed when it ends. */
export function watchSnapshots(state: SnapshotState): (ids: ReadonlySet<string>) => SnapshotChanges {
  const before = {
    data: { ...state._snapshotData },
    unchecked: [...state._uncheckedKeys],
    raw: state._rawSnapshots.length,
    inline: new Set(state._inlineSnapshots),
    stacks: new Set(state._inlineSnapshotStacks),
    counters: new Map(state._counters),
    counts: COUNTERS.map(counter => new Map(state[counter])),
  }
  return ids => {
    return {
      data: Object.entries(state._snapshotData).filter(([key, value]) => before.data[key] !== value),
      checked: before.unchecked.filter(key => !state._uncheckedKeys.has(key)),
      raw: state._rawSnapshots.slice(before.raw),
      inline: state._inlineSnapshots.filter(entry => !before.inline.has(entry)),
      stacks: state._inlineSnapshotStacks.filter(entry => !before.stacks.has(entry)),
      taken: [...before.inline].filter(entry => !state._inlineSnapshots.includes(entry)),
      counters: [...state._counters].filter(([key, value]) => before.counters.get(key) !== value),
      keys: [...state._testIdToKeys].filter(([id]) => ids.has(id)),
      counts: COUNTERS.flatMap((counter, index) =>
        [...state[counter]].map(([id, count]) => {
          return { counter, id, count: count - (before.counts[index]?.get(id) ?? 0) }
        }),
      ).filter(({ count }) => count > 0),
      isDirty: state._dirty,
    }
  }
}

/** Does to the record here what was done to it in the branch. */
export function applySnapshotChanges(state: SnapshotState, changes: SnapshotChanges): void {
  for (const [key, value] of changes.data) state._snapshotData[key] = value
  for (const key of changes.checked) state._uncheckedKeys.delete(key)
  state._rawSnapshots.push(...changes.raw)
  // Of several inline snapshots at one place Vitest writes the last.
  const places = new Set([...changes.stacks, ...changes.taken].map(placeOf))
  state._inlineSnapshots = [
    ...state._inlineSnapshots.filter(entry => !places.has(placeOf(entry))),
    ...changes.inline,
  ]
  state._inlineSnapshotStacks = [...state._inlineSnapshotStacks, ...changes.stacks]
  for (const [key, value] of changes.counters) state._counters.set(key, value)
  for (const [id, keys] of changes.keys) state._testIdToKeys.set(id, keys)
  for (const { counter, id, count } of changes.counts) {
    for (let i = 0; i < count; i++) state[counter].increment(id)
  }
  state._dirty ||= changes.isDirty
}

function placeOf({ file, line, column }: InlinePlace): string {
  return `${file}:${line}:${column}`
}
