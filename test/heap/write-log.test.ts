import { describe, expect, test } from 'vitest'
import { collectGarbage } from '../../src/collect-garbage.ts'
import { loadAddon } from '../../src/fork/addon.ts'
import { attributesJournal } from '../../src/heap/attributes-journal.ts'
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
    for (const place of [7, 20_000, 39_999]) {
      const user = users[place] as User
      user.name = 'other'
      const places = log?.take()?.get(store)
      expect(places).toContain(place)
      expect(places?.length).toBeLessThan(MANY / 20)
      log?.noteTaken()
    }
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
    const places = log?.take()
    expect(places === null || places?.get(store)?.includes(123)).toBe(true)
  })

  test('what one checkpoint has asked about, another one hears of too', () => {
    const [users, others] = [makeUsers(MANY), makeUsers(MANY)]
    const [outer, inner] = [storeOf([...users, ...others]), storeOf(users)]
    const [outerLog, innerLog] = [WriteLog.begin([outer]), WriteLog.begin([inner])]
    const user = users[5] as User
    user.name = 'other'
    expect(innerLog?.take()?.get(inner)).toContain(5)
    innerLog?.noteTaken()
    expect(outerLog?.take()?.get(outer)).toContain(5)
  })

  test('of a large buffer only the part is compared that was written', () => {
    const bytes = new Uint8Array(2 ** 26)
    const parts = Array.from({ length: 2 ** 10 }, (_, i) => bytes.subarray(i * 2 ** 16, (i + 1) * 2 ** 16))
    const [objects, buffer] = [storeOf(makeUsers(MANY)), storeOf(parts, 'bytes')]
    const log = WriteLog.begin([objects, buffer])
    // Not at an edge, whose page is the next part's too.
    bytes[3 * 2 ** 16 + 30_000] = 1
    expect([...(log?.take()?.get(buffer) ?? [])]).toEqual([3])
    log?.noteTaken()
    expect([...(log?.take()?.get(buffer) ?? [])]).toEqual([])
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
