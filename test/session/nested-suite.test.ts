import { describe, expect, test } from 'vitest'
import { levelOf } from './journal.ts'
import { ProbeEngine } from './probe-engine.ts'
import { alone, enterOutermost, fallback, outsideOf, refusal, runTest, start } from './run-test.ts'

describe('a nested suite', () => {
  test('on the plain way has all steps around its tests run before each, outermost first', async () => {
    const { session, journal } = start(null)
    const outer = levelOf([journal.step('db')], 1, '')
    const inner = levelOf([journal.step('rows')], 1, 'inner', outer)
    expect(await session.enterSuite(outer, { own: inner, isStateful: true }, true)).toBeNull()
    await runTest(session, inner, journal)
    expect(journal.take()).toEqual(['cleared', 'db', 'rows', 'body', 'rows torn down', 'db torn down'])
  })

  test('has a branch when the suite around it is rolled back, and that one only', async () => {
    const engine = new ProbeEngine()
    const { session, journal } = start(engine)
    const outer = levelOf([journal.step('db')], 3, '')
    expect(await session.enterSuite(outer, { own: null, isStateful: true }, true)).toEqual(
      outsideOf('suite', 'done'),
    )
    expect(engine.calls).toEqual(['refuse', 'quiesce', 'branch 0'])
    expect(journal.take()).toEqual(['cleared', 'db', 'settled'])
    expect([engine.notedMs, outer.testsLeft]).toEqual([[], 3])
    expect(await session.enterSuite(outer, { own: null, isStateful: false }, true)).toBeNull()
    expect(await session.enterSuite(null, { own: null, isStateful: true }, false)).toBeNull()
    expect(engine.calls).toHaveLength(3)
  })

  test('with steps of its own has a branch where none is around it', async () => {
    const engine = new ProbeEngine()
    const { session, journal } = start(engine)
    expect(await enterOutermost(session, levelOf([journal.step('rows')], 2, 'inner'))).toEqual(
      outsideOf('suite', 'done'),
    )
    expect(journal.take()).toEqual(['settled'])
    expect(engine.calls).toEqual(['refuse', 'quiesce', 'branch 0'])
  })

  test('that warms up here has a branch for its rest, from the first test that is to be rolled back', async () => {
    const { session, journal } = start(new ProbeEngine(), 1)
    const inner = levelOf([journal.step('rows')], 3, 'inner')
    expect(await enterOutermost(session, inner)).toBeNull()
    expect(await runTest(session, inner, journal)).toBeNull()
    expect(await runTest(session, inner, journal)).toEqual(outsideOf('rest', 'done'))
    expect(inner.testsLeft).toBe(2)
    expect(journal.take()).toEqual(['cleared', 'rows', 'body', 'rows torn down', 'settled'])
  })

  test('that warms up here has no branch for its rest in the midst of a suite that has begun', async () => {
    const engine = new ProbeEngine()
    const { session, journal } = start(engine, 1)
    const inner = levelOf([journal.step('rows')], 3, 'inner')
    await runTest(session, inner, journal)
    expect(await session.enterTest(inner, { ...alone, isAtEdge: false })).toBeNull()
    expect(await session.enterSuite(inner, { own: null, isStateful: true }, false)).toBeNull()
    expect(engine.calls).toEqual([])
    expect(await session.enterSuite(inner, { own: null, isStateful: true }, true)).toEqual(
      outsideOf('rest', 'done'),
    )
  })

  test('reports from its branch what it cost there', async () => {
    const record = { ...levelOf([], 1, 'inner').toRecord(), decision: 'rolled-back' as const, restores: 1 }
    const finding = { kind: 'fallback' as const, detail: 'told inside', count: 1 }
    const parcel = {
      value: 'tasks',
      bodyMs: 1,
      records: [record],
      findings: [finding],
      undone: 0,
      discarded: [],
      rulesUsed: [],
    }
    const { session, journal } = start(new ProbeEngine([{ kind: 'value', value: parcel }]))
    await session.enterSuite(levelOf([journal.step('db')], 1), { own: null, isStateful: true }, true)
    expect(session.takeRecords()).toEqual([record])
    expect(session.takeFindings()).toEqual([finding])
    expect([session.takeRecords(), session.takeFindings()]).toEqual([[], []])
  })

  test('has no branch where the engine refuses, and runs the plain way', async () => {
    const engine = new ProbeEngine()
    engine.refusal = refusal
    const { session, journal } = start(engine)
    const inner = levelOf([journal.step('rows')], 1, 'inner')
    expect(await enterOutermost(session, inner)).toBeNull()
    expect(await runTest(session, inner, journal)).toBeNull()
    expect(engine.calls).toEqual(['refuse'])
    expect(session.takeFindings()).toEqual([fallback('1 worker thread is alive; end it', 'inner')])
  })

  test('has no branch for its rest while work is in flight, and goes on the plain way', async () => {
    const engine = new ProbeEngine()
    const { session, journal } = start(engine, 1)
    const inner = levelOf([journal.step('rows')], 2, 'inner')
    await runTest(session, inner, journal)
    engine.obstacles = [{ why: 'a request is in flight', remedy: 'await it' }]
    expect(await runTest(session, inner, journal)).toBeNull()
    expect(engine.calls).toEqual(['refuse', 'quiesce', 'quiesce'])
    expect(session.takeFindings()).toEqual([fallback('a request is in flight; await it', 'inner')])
  })
})
