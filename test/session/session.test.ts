import { afterEach, describe, expect, test } from 'vitest'
import type { Outcome, Refusal } from '../../src/engine.ts'
import type { Finding } from '../../src/finding.ts'
import type { Level } from '../../src/session/level.ts'
import { type Entry, Session } from '../../src/session/session.ts'
import type { Teardown } from '../../src/session/step.ts'
import { sharedState } from '../../src/state.ts'
import { Journal, levelOf } from './journal.ts'
import { ProbeEngine, parcelOf } from './probe-engine.ts'

afterEach(() => {
  const { before, after } = sharedState().callbacks
  before.length = 0
  after.length = 0
})

const IN_FLIGHT = 'work was in flight when the checkpoint was to be taken'
const AWAIT_IT = 'await it in the setup, or stop it before the setup returns'

const refusal: Refusal = {
  engine: 'fork',
  check: 'worker threads',
  why: '1 worker thread is alive',
  remedy: 'end it',
}

function fallback(why: string, suite = ''): Finding {
  const detail = `Setup was re-run for every test: ${why}.`
  return { kind: 'fallback', detail, suite, file: 'a.test.ts', count: 1 }
}

const alone = { isAlone: true, isAtEdge: true, deadlineMs: 100 }
const beside = { ...alone, isAlone: false }

/** A suite with steps, where none around it has any. */
function enterOutermost(session: Session, own: Level): Promise<Entry | null> {
  return session.enterSuite(null, { own, isStateful: true }, false)
}

function outsideOf(of: Entry['of'], value: unknown): Entry {
  return { of, side: 'outside', outcome: { kind: 'value', value } }
}

function start(engine: ProbeEngine | null, warmup: 'auto' | number = 0) {
  const journal = new Journal()
  const session = new Session({
    engine,
    warmup,
    beforeSteps: () => journal.entries.push('cleared'),
    beforeBranch: async () => {
      journal.entries.push('settled')
    },
  })
  return { journal, session }
}

/** One test as an adapter runs it: in a branch when there is an entry, else here. */
async function runTest(session: Session, level: Level, journal: Journal): Promise<Entry | null> {
  const entry = await session.enterTest(level, alone)
  if (entry === null) await runTestHere(session, level, journal)
  return entry
}

async function runTestHere(session: Session, level: Level, journal: Journal): Promise<void> {
  const attempt = await session.startTry(level)
  const teardowns: Teardown[] = []
  try {
    for (const step of level.chainSteps) {
      const teardown = await attempt.deliver(step)
      if (teardown) teardowns.unshift(teardown)
    }
    journal.entries.push('body')
  } finally {
    for (const teardown of teardowns) await teardown()
    attempt.end()
  }
}

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
    expect(await session.enterAgain(level, 200)).toEqual(outsideOf('test', 'second try'))
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
      expect(await runTest(session, level, journal)).toEqual({ of: 'test', side: 'outside', outcome })
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
    const parcel = { value: 'tasks', bodyMs: 1, records: [record], findings: [finding] }
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
    engine.inFlight = ['1 request']
    expect(await runTest(session, inner, journal)).toBeNull()
    expect(engine.calls).toEqual(['refuse', 'quiesce'])
    expect(session.takeFindings()).toEqual([fallback(`${IN_FLIGHT} (1 request); ${AWAIT_IT}`, 'inner')])
  })
})

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

  test('because of work in flight: names it', async () => {
    const engine = new ProbeEngine()
    engine.inFlight = ['1 request', '2 timers']
    const { session, journal } = start(engine)
    await runTest(session, levelOf([journal.step('db')], 1), journal)
    expect(engine.calls).toEqual(['refuse', 'quiesce'])
    expect(session.takeFindings()).toEqual([fallback(`${IN_FLIGHT} (1 request, 2 timers); ${AWAIT_IT}`)])
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
    expect(journal.take()).toEqual(['cleared', 'db', 'settled', 'after'])
    await expect(session.startTry(level)).rejects.toBe(error)
  })
})

describe('inside a branch', () => {
  async function enter(entering: Promise<Entry | null>): Promise<Entry & { side: 'inside' }> {
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
      { value: 'value', bodyMs: expect.any(Number), records: [], findings: [] },
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
