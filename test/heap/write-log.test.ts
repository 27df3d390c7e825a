import { describe, expect, test } from 'vitest'
import { collectGarbage } from '../../src/collect-garbage.ts'
import { loadAddon } from '../../src/fork/addon.ts'
import { attributesJournal } from '../../src/heap/attributes-journal.ts'
import { BufferStore } from '../../src/heap/kinds/buffers.ts'
import { checkLog } from '../../src/heap/log/check-log.ts'
import type { LoggedStore } from '../../src/heap/log/entry-store.ts'
import { loadMemoryLogs, openLog } from '../../src/heap/log/memory-logs.ts'
import { WriteLog } from '../../src/heap/log/write-log.ts'
import { loadNatives } from '../../src/heap/natives.ts'
import { Recording } from '../../src/heap/recording.ts'
import { weakJournal } from '../../src/heap/weak-journal.ts'
import { boundary, firstDifference, GraphDescriber } from './describe-graph.ts'
import { buildGraph, makeRandom, mutateGraph } from './random-graph.ts'

const GRAPHS = Number(process.env.FORKPOINT_GRAPHS ?? 12)
const FIRST_SEED = Number(process.env.FORKPOINT_SEED ?? 1)

/** Enough for a log to be worth it. */
const MANY = 40_000

interface User {
  id: number
  name: string
  score: number
  tags: unknown[]
}

const makeUsers = (count: number): User[] =>
  Array.from({ length: count }, (_, id) => ({ id, name: `user ${id}`, score: id / 4, tags: [id, {}] }))

const storeOf = (objects: readonly object[], memory: 'object' | 'bytes' = 'object'): LoggedStore => ({
  objects,
  memory,
  restore: () => 0,
  restoreSome: () => 0,
})

/** V8 may collect garbage at any moment; what it moves looks as if it had changed, and when that is much all is looked at. */
function isNoticed(log: WriteLog | null, store: LoggedStore, place: number): boolean {
  const taken = log?.take()
  return taken === null || taken?.get(store)?.includes(place) === true
}

const take = (root: object): Recording =>
  Recording.take(
    { cells: [], stores: [{ visit: visit => visit(root), restore: () => 0 }] },
    {
      natives: loadNatives(),
      boundary,
      privates: [],
      weak: weakJournal(),
      attributes: attributesJournal(),
      isJournalWhole: () => true,
    },
  )

const addon = loadAddon()
/** Linux 6.7 and later, outside of sandboxes that forbid it. */
const isLogging = !('why' in addon) && process.arch === 'x64' && openLog(addon) !== undefined

describe.skipIf(!isLogging)('where the kernel tells which pages are written', () => {
  test('every kind of change of an object is noticed, on this version of V8', () => {
    if ('why' in addon) throw new TypeError(addon.why)
    const log = openLog(addon)
    if (log === undefined) throw new TypeError('no log')
    expect(checkLog(addon, log)).toBe(true)
    expect(loadMemoryLogs()).not.toBe(null)
  })

  test('an object that was changed is among few that are looked at', () => {
    const users = makeUsers(MANY)
    const store = storeOf(users)
    const log = WriteLog.begin([store])
    const counts = [7, 9_000, 20_000, 30_000, 39_999].map(place => {
      const user = users[place] as User
      user.name = 'other'
      const places = log?.take()?.get(store)
      expect(places?.includes(place) ?? true).toBe(true)
      log?.noteTaken()
      return places?.length ?? MANY
    })
    expect(Math.min(...counts)).toBeLessThan(MANY / 20)
  })

  test('objects that V8 has moved since are looked at where they are', () => {
    const users = makeUsers(MANY)
    const store = storeOf(users)
    const log = WriteLog.begin([store])
    collectGarbage()
    log?.take()
    log?.noteTaken()
    collectGarbage()
    const user = users[123] as User
    user.score = 0.125
    expect(isNoticed(log, store, 123)).toBe(true)
  })

  test('what one checkpoint has asked about, another one hears of too', () => {
    const [users, others] = [makeUsers(MANY), makeUsers(MANY)]
    const [outer, inner] = [storeOf([...users, ...others]), storeOf(users)]
    const [outerLog, innerLog] = [WriteLog.begin([outer]), WriteLog.begin([inner])]
    const user = users[5] as User
    user.name = 'other'
    expect(isNoticed(innerLog, inner, 5)).toBe(true)
    innerLog?.noteTaken()
    expect(isNoticed(outerLog, outer, 5)).toBe(true)
  })

  test('of a large buffer only the part is compared that was written', () => {
    const bytes = new Uint8Array(2 ** 26)
    const parts = Array.from({ length: 2 ** 14 }, (_, i) => bytes.subarray(i * 2 ** 12, (i + 1) * 2 ** 12))
    const buffer = storeOf(parts, 'bytes')
    const log = WriteLog.begin([buffer])
    const written = (): readonly number[] => [...(log?.take()?.get(buffer) ?? [])]
    bytes[77 * 2 ** 12] = 1
    // The pages of the system begin elsewhere than the parts, so two parts may share the one.
    const places = written()
    expect(places).toContain(77)
    expect(places.length).toBeLessThan(3)
    log?.noteTaken()
    expect(written()).toEqual([])
  })

  test('where nearly all was written, all is looked at', () => {
    const users = makeUsers(MANY)
    const log = WriteLog.begin([storeOf(users)])
    for (const user of users) user.score++
    expect(log?.take()).toBe(null)
  })
})

describe('a large graph', () => {
  test('comes back each time, after few changes and after many, collections in between', () => {
    for (let seed = FIRST_SEED; seed < FIRST_SEED + GRAPHS; seed++) {
      const random = makeRandom(seed)
      const pool = buildGraph(random, 250)
      const users = makeUsers(MANY)
      const describer = new GraphDescriber()
      const before = describer.describe(pool)
      const names = JSON.stringify(users)
      const recording = take([pool, users])
      let isFlagged = false
      for (let round = 0; round < 4 && !isFlagged; round++) {
        mutateGraph(random, pool, 300)
        const step = 1 + random(MANY)
        for (let i = round; i < MANY; i += step)
          Object.assign(users[i] as User, { score: 0.5, name: 'other' })
        users[round]?.tags.push(round)
        if (round === 1) collectGarbage()
        if (round === 2) collectGarbage({ type: 'minor', execution: 'sync' })
        const { unrestorable } = recording.restore()
        isFlagged = unrestorable.length > 0
        const difference = isFlagged ? null : firstDifference(before, describer.describe(pool))
        const isSame = JSON.stringify(users) === names
        expect({ seed, round, difference, isSame }).toEqual({ seed, round, difference: null, isSame: true })
      }
      recording.release()
    }
  })

  test('a buffer that was transferred is told of, and has nothing that could be noted again', () => {
    const store = new BufferStore()
    const buffer = new ArrayBuffer(100_000)
    store.add(buffer)
    structuredClone(buffer, { transfer: [buffer] })
    const told: string[] = []
    store.restore((_, why) => told.push(why))
    expect(told).toEqual(['it was detached: transferred to a thread, or its WebAssembly memory has grown'])
    expect(store.objects.map(({ length }) => length)).toEqual([0, 0])
  })

  test('bytes that were cut off, and are there again as zeros, come back', () => {
    const length = 2 ** 20
    const make = ArrayBuffer as unknown as new (length: number, options: object) => ArrayBuffer
    const buffer = new make(length, { maxByteLength: length }) as ArrayBuffer & { resize(to: number): void }
    new Uint8Array(buffer).fill(7)
    const recording = take([buffer, makeUsers(MANY)])
    recording.restore()
    buffer.resize(0)
    buffer.resize(length)
    expect(new Uint8Array(buffer)[length / 2]).toBe(0)
    expect(recording.restore().unrestorable).toEqual([])
    expect(new Uint8Array(buffer).every(byte => byte === 7)).toBe(true)
    recording.release()
  })

  test('nested recordings each come back to their own state', () => {
    const users = makeUsers(MANY)
    const outer = take(users)
    const user = users[9] as User
    user.name = 'of the inner'
    const inner = take(users)
    for (let round = 0; round < 3; round++) {
      user.name = 'changed'
      user.tags.push(round)
      inner.restore()
      expect([user.name, user.tags.length]).toEqual(['of the inner', 2])
    }
    inner.release()
    outer.restore()
    expect([user.name, user.tags.length]).toEqual(['user 9', 2])
    outer.release()
  })
})
