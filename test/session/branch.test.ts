import { afterEach, describe, expect, test } from 'vitest'
import type { Entry, Passed } from '../../src/session/entry.ts'
import { sharedState } from '../../src/state.ts'
import { type Journal, levelOf } from './journal.ts'
import { ProbeEngine } from './probe-engine.ts'
import { alone, beside, outsideOf, runTest, runTestHere, start } from './run-test.ts'

afterEach(() => {
  const { before, after } = sharedState().callbacks
  before.length = 0
  after.length = 0
})

describe('callbacks of the user', () => {
  test('beforeFork ones run once, when the checkpoint is taken', async () => {
    const { session, journal } = start(new ProbeEngine())
    sharedState().callbacks.before.push(async () => journal.entries.push('before'))
    const level = levelOf([journal.step('db')], 2)
    await runTest(session, level, journal)
    await runTest(session, level, journal)
    expect(journal.take()).toEqual(['cleared', 'db', 'before', 'settled', 'settled'])
  })

  test('afterFork ones run in the branch, before its test; what one throws is an error of the test', async () => {
    const engine = new ProbeEngine()
    engine.isInside = true
    const { session, journal } = start(engine)
    const error = new Error('no connection')
    sharedState().callbacks.after.push(
      () => journal.entries.push('after'),
      async () => {
        throw error
      },
      () => journal.entries.push('never'),
    )
    const level = levelOf([journal.step('db')], 1)
    expect(await session.enterTest(level, alone)).toMatchObject({ side: 'inside' })
    await expect(session.startTry(level)).rejects.toBe(error)
    expect(journal.take()).toEqual(['cleared', 'db', 'settled', 'after'])
  })
})

describe('outside a branch', () => {
  const watched = (journal: Journal): void => {
    sharedState().callbacks.before.push(() => journal.entries.push('before'))
    sharedState().callbacks.after.push(async () => journal.entries.push('after'))
  }

  test('afterFork callbacks run before a test or a teardown does, and beforeFork ones again before the next branch', async () => {
    const { session, journal } = start(new ProbeEngine())
    watched(journal)
    const level = levelOf([journal.step('db')], 3)
    await runTest(session, level, journal)
    await session.enterTest(level, beside)
    await runTestHere(session, level, journal)
    expect(journal.take()).toEqual(['cleared', 'db', 'before', 'settled', 'after', 'body', 'db torn down'])
    await runTest(session, level, journal)
    expect(journal.take()).toEqual(['cleared', 'db', 'before', 'settled'])
    await session.endSuite(level)
    expect(journal.take()).toEqual(['after', 'db torn down'])
  })

  test('afterFork callbacks run when the state turns out to be none to branch from', async () => {
    const engine = new ProbeEngine()
    const { session, journal } = start(engine)
    watched(journal)
    engine.obstacles = [{ why: 'a request is in flight', remedy: 'await it' }]
    await runTest(session, levelOf([journal.step('db')], 1), journal)
    expect(journal.take()).toEqual(['cleared', 'db', 'before', 'after', 'body', 'db torn down'])
  })

  test('what a beforeFork callback throws is an error of every test that runs here', async () => {
    const engine = new ProbeEngine()
    const { session, journal } = start(engine)
    const error = new Error('still connected')
    sharedState().callbacks.before.push(() => {
      throw error
    })
    engine.obstacles = [{ why: 'a connection is open', remedy: 'close it' }]
    await expect(runTest(session, levelOf([journal.step('db')], 1), journal)).rejects.toBe(error)
  })
})

describe('inside a branch', () => {
  async function enter(entering: Promise<Entry | Passed | null>): Promise<Entry & { side: 'inside' }> {
    const entry = await entering
    if (entry?.side !== 'inside') throw new Error('not inside')
    return entry
  }

  test('for a test the steps are done; a hook cleans up there, a setup does not', async () => {
    const engine = new ProbeEngine()
    engine.isInside = true
    const { session, journal } = start(engine)
    const level = levelOf([journal.step('db'), journal.step('user', 'hoisted')], 1)
    const entry = await enter(session.enterTest(level, alone))
    journal.take()
    expect(await runTestHere(session, level, journal)).toBeUndefined()
    expect(journal.take()).toEqual(['body', 'user torn down'])
    await entry.finish('value')
    expect(engine.finished).toEqual([
      {
        value: 'value',
        bodyMs: expect.any(Number),
        records: [],
        findings: [],
        undone: 0,
        discarded: [],
        rulesUsed: [],
      },
    ])
  })

  test('for a suite its tests have branches of their own, and only they and its steps are in its report', async () => {
    const engine = new ProbeEngine()
    const { session, journal } = start(engine)
    const outer = levelOf([journal.step('db')], 2, '')
    const inner = levelOf([journal.step('rows')], 1, 'inner', outer)
    await runTest(session, outer, journal)
    engine.isInside = true
    const entry = await enter(session.enterSuite(outer, { own: inner, isStateful: true }, true))
    engine.isInside = false
    journal.take()
    expect(await runTest(session, inner, journal)).toEqual(outsideOf('test', 'done'))
    expect(journal.take()).toEqual(['cleared', 'rows', 'settled'])
    expect(await session.endSuite(inner)).toEqual([])
    expect(await session.endSuite(outer)).toEqual([])
    expect(journal.take()).toEqual(['rows torn down'])
    await entry.finish('tasks')
    expect(engine.finished).toMatchObject([
      { value: 'tasks', records: [{ suite: 'inner', setupRuns: 1, restores: 1 }], findings: [] },
    ])
  })

  test('for a suite a test that has to run there builds all state anew, and tears down only that', async () => {
    const engine = new ProbeEngine()
    const { session, journal } = start(engine)
    const outer = levelOf([journal.step('db')], 2, '')
    const inner = levelOf([journal.step('rows')], 2, 'inner', outer)
    engine.isInside = true
    await enter(session.enterSuite(outer, { own: inner, isStateful: true }, true))
    journal.take()
    expect(await session.enterTest(inner, beside)).toBeNull()
    await runTestHere(session, inner, journal)
    expect(journal.take()).toEqual(['cleared', 'db', 'rows', 'body', 'rows torn down', 'db torn down'])
    expect([await session.endSuite(inner), await session.endSuite(outer)]).toEqual([[], []])
    expect(journal.take()).toEqual([])
  })

  test('for the rest of a suite its tests are asked for again, and have branches of their own', async () => {
    const engine = new ProbeEngine()
    const { session, journal } = start(engine, 1)
    const inner = levelOf([journal.step('rows')], 3, 'inner')
    await runTest(session, inner, journal)
    engine.isInside = true
    const entry = await enter(session.enterTest(inner, alone))
    engine.isInside = false
    journal.take()
    for (let i = 0; i < 2; i++) {
      expect(await runTest(session, inner, journal)).toEqual(outsideOf('test', 'done'))
    }
    await session.endSuite(inner)
    expect(journal.take()).toEqual(['cleared', 'rows', 'settled', 'settled', 'rows torn down'])
    await entry.finish('tasks')
    expect(engine.finished).toMatchObject([
      { records: [{ suite: 'inner', setupRuns: 1, restores: 2, plainBodyMs: [] }] },
    ])
  })
})
