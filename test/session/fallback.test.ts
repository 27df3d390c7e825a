import { describe, expect, test } from 'vitest'
import { levelOf } from './journal.ts'
import { ProbeEngine } from './probe-engine.ts'
import { fallback, refusal, runTest, start } from './run-test.ts'

describe('a suite that can not be rolled back', () => {
  test('because the engine refuses: runs the plain way to its end, says so once, and uses what was built', async () => {
    const engine = new ProbeEngine()
    const { session, journal } = start(engine)
    const level = levelOf([journal.step('db')], 2)
    engine.refusal = refusal
    for (let i = 0; i < 2; i++) {
      expect(await runTest(session, level, journal)).toBeNull()
      expect(journal.take()).toEqual(['cleared', 'db', 'body', 'db torn down'])
    }
    expect(engine.calls).toEqual(['refuse'])
    expect(session.takeFindings()).toEqual([fallback('1 worker thread is alive; end it')])
    expect(session.takeRecords()).toMatchObject([
      { decision: 'plain', why: '1 worker thread is alive; end it' },
    ])
  })

  test('because of what is in flight or open: names each, where it was made, and what to do', async () => {
    const engine = new ProbeEngine()
    const opened = { effect: 'net.connection', site: '/db.ts:1:2' }
    engine.obstacles = [
      { why: 'a request is in flight', remedy: 'await it' },
      { why: 'a connection is open', remedy: 'close it', ...opened },
    ]
    const { session, journal } = start(engine)
    await runTest(session, levelOf([journal.step('db')], 1), journal)
    expect(engine.calls).toEqual(['refuse', 'quiesce', 'quiesce'])
    expect(session.takeFindings()).toEqual([
      fallback('a request is in flight; await it'),
      { ...fallback('a connection is open; close it'), nature: 'unsafe', ...opened },
    ])
    expect(session.takeRecords()).toMatchObject([
      { decision: 'plain', why: 'a request is in flight; await it; a connection is open; close it' },
    ])
  })

  test('because its setup failed: each test reports that error, and the steps after it do not run', async () => {
    const error = new RangeError('no database')
    const engine = new ProbeEngine()
    const { session, journal } = start(engine)
    const level = levelOf([journal.step('db'), journal.failingStep('rows', error), journal.step('late')], 2)
    await expect(runTest(session, level, journal)).rejects.toBe(error)
    expect(journal.take()).toEqual(['cleared', 'db', 'rows fails', 'db torn down'])
    await expect(runTest(session, level, journal)).rejects.toBe(error)
    expect(journal.take()).toEqual(['cleared', 'db', 'rows fails', 'db torn down'])
    expect(engine.calls).toEqual([])
    expect(session.takeFindings()).toEqual([fallback('its setup failed, and each test has to report that')])
    expect(await session.endSuite(level)).toEqual([])
    expect(session.takeRecords()).toMatchObject([
      { decision: 'failed', why: 'its setup failed, and each test has to report that' },
    ])
  })

  test('because a hook failed that was run once for it: each test runs the hook anew, at its own place', async () => {
    const error = new RangeError('no user')
    const { session, journal } = start(new ProbeEngine())
    const level = levelOf([journal.step('db'), journal.failingStep('user', error, 'hoisted')], 1)
    await expect(runTest(session, level, journal)).rejects.toBe(error)
    expect(journal.take()).toEqual(['cleared', 'db', 'user fails', 'user fails', 'db torn down'])
    expect(session.takeFindings()).toEqual([fallback('a hook failed when it was run once for the suite')])
  })

  test('because it does not pay: is measured for two tests, and then left alone', async () => {
    const engine = new ProbeEngine()
    engine.branchMs = 60_000
    const { session, journal } = start(engine, 'auto')
    const level = levelOf([journal.step('db')], 50)
    for (let i = 0; i < 4; i++) expect(await runTest(session, level, journal)).toBeNull()
    expect(level.plainBecause).toMatch(
      /^setup is cheaper than a rollback \(setup .* ms, restore about 1 min 0 s\)$/,
    )
    expect([engine.calls, session.takeFindings()]).toEqual([[], []])
    expect(session.isAllPlain([level])).toBe(true)
  })
})
