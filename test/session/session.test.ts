import { describe, expect, test } from 'vitest'
import type { Outcome } from '../../src/engine.ts'
import { levelOf } from './journal.ts'
import { ProbeEngine, parcelOf } from './probe-engine.ts'
import { alone, beside, outsideOf, runTest, start } from './run-test.ts'

describe('without an engine', () => {
  test('every test runs here, its steps before it and their teardowns after it', async () => {
    const { session, journal } = start(null)
    const level = levelOf([journal.step('db'), journal.step('rows')], 2)
    for (let i = 0; i < 2; i++) {
      expect(await runTest(session, level, journal)).toBeNull()
      expect(journal.take()).toEqual(['cleared', 'db', 'rows', 'body', 'rows torn down', 'db torn down'])
    }
    expect(await session.endSuite(level)).toEqual([])
    expect(journal.take()).toEqual([])
    expect(session.takeRecords()).toMatchObject([{ decision: 'plain', setupRuns: 2, restores: 0, tests: 2 }])
  })
})

describe('with an engine', () => {
  test('the steps run once, every test has a branch, and the teardowns run at the end, newest first', async () => {
    const engine = new ProbeEngine([parcelOf('first', 4), parcelOf('second', 2)])
    const { session, journal } = start(engine)
    const level = levelOf([journal.step('db'), journal.step('rows')], 2)
    expect(await runTest(session, level, journal)).toEqual(outsideOf('test', 'first'))
    expect(await runTest(session, level, journal)).toEqual(outsideOf('test', 'second'))
    expect(journal.take()).toEqual(['cleared', 'db', 'rows', 'settled', 'settled'])
    expect(engine.calls).toEqual(['refuse', 'quiesce', 'branch 100', 'refuse', 'quiesce', 'branch 100'])
    expect(engine.notedMs).toEqual([2, 4])
    expect(await session.endSuite(level)).toEqual([])
    expect(journal.take()).toEqual(['rows torn down', 'db torn down'])
    expect(session.takeRecords()).toEqual([
      {
        file: 'a.test.ts',
        suite: '',
        decision: 'rolled-back',
        why: 'warmup: 0',
        setupRuns: 1,
        setupMs: expect.any(Number),
        takeMs: expect.any(Number),
        warmups: 0,
        restores: 2,
        restoreMs: [2, 4],
        bodyMs: [4, 2],
        plainBodyMs: [],
        tests: 2,
        residentMb: expect.any(Number),
        worker: process.pid,
        timeline: [
          ['setup', expect.any(Number), expect.any(Number)],
          ['take', expect.any(Number), expect.any(Number)],
          ['restore', expect.any(Number), 2],
          ['test', expect.any(Number), 4],
          ['restore', expect.any(Number), 4],
          ['test', expect.any(Number), 2],
        ],
      },
    ])
    expect(session.takeFindings()).toEqual([])
  })

  test('warm-up tests run here, with a setup of their own each', async () => {
    const { session, journal } = start(new ProbeEngine(), 2)
    const level = levelOf([journal.step('db')], 4)
    const sides: unknown[] = []
    for (let i = 0; i < 4; i++) sides.push((await runTest(session, level, journal))?.side)
    expect(sides).toEqual([undefined, undefined, 'outside', 'outside'])
    const warm = ['cleared', 'db', 'body', 'db torn down']
    expect(journal.take()).toEqual([...warm, ...warm, 'cleared', 'db', 'settled', 'settled'])
    await session.endSuite(level)
    expect(session.takeRecords()).toMatchObject([{ warmups: 2, setupRuns: 3, restores: 2, why: 'warmup: 2' }])
  })

  test('a test beside another runs here, and so does no later one that is alone again', async () => {
    const { session, journal } = start(new ProbeEngine())
    const level = levelOf([journal.step('db')], 2)
    expect(await session.enterTest(level, beside)).toBeNull()
    expect(await session.enterTest(level, alone)).toMatchObject({ side: 'outside' })
  })

  test('a test that needs one more try gets one more branch, from the same state', async () => {
    const engine = new ProbeEngine([parcelOf('first try'), parcelOf('second try')])
    const { session, journal } = start(engine)
    const level = levelOf([journal.step('db')], 1)
    await session.enterTest(level, alone)
    expect(await session.enterAgain(level, { ...alone, deadlineMs: 200 })).toEqual(
      outsideOf('test', 'second try'),
    )
    expect(journal.take()).toEqual(['cleared', 'db', 'settled', 'settled'])
    expect(engine.calls.slice(2)).toEqual(['branch 100', 'branch 200'])
  })

  test('how a branch ended without a value is passed on, and counts as no measurement', async () => {
    const ends: Outcome[] = [
      { kind: 'signal', signal: 'SIGSEGV' },
      { kind: 'exit', code: 3 },
      { kind: 'timeout', afterMs: 100 },
    ]
    const engine = new ProbeEngine([...ends])
    const { session, journal } = start(engine)
    const level = levelOf([journal.step('db')], 3)
    for (const outcome of ends) {
      expect(await runTest(session, level, journal)).toMatchObject({ of: 'test', side: 'outside', outcome })
    }
    expect(engine.notedMs).toEqual([])
  })

  test('a suite without steps is rolled back to the state after its beforeAll hooks, without waiting', async () => {
    const { session, journal } = start(new ProbeEngine(), 'auto')
    const level = levelOf([], 2)
    expect(await runTest(session, level, journal)).toMatchObject({ side: 'outside' })
    expect(journal.take()).toEqual(['settled'])
    expect(session.takeRecords()).toMatchObject([
      { decision: 'rolled-back', why: 'every suite is rolled back' },
    ])
  })

  test('hooks around all tests of a nested suite make the steps run again', async () => {
    const { session, journal } = start(new ProbeEngine())
    const level = levelOf([journal.step('db')], 2)
    await runTest(session, level, journal)
    session.invalidate(level)
    await runTest(session, level, journal)
    expect(journal.take()).toEqual(['cleared', 'db', 'settled', 'cleared', 'db', 'settled'])
    await session.endSuite(level)
    expect(journal.take()).toEqual(['db torn down', 'db torn down'])
  })
})

describe('teardowns at the end of a suite', () => {
  test('all run, newest first, and what some throw is returned', async () => {
    const { session, journal } = start(new ProbeEngine())
    const errors = [new Error('first'), new Error('third')]
    const failing = (error: Error | undefined) => ({
      ...journal.step('step'),
      run: () => () => {
        journal.entries.push('torn down')
        throw error
      },
    })
    const level = levelOf([failing(errors[0]), journal.step('second'), failing(errors[1])], 1)
    await runTest(session, level, journal)
    journal.take()
    expect(await session.endSuite(level)).toEqual([errors[1], errors[0]])
    expect(journal.take()).toEqual(['torn down', 'second torn down', 'torn down'])
    expect(await session.endSuite(level)).toEqual([])
    expect(journal.take()).toEqual([])
  })
})
