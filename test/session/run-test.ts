import type { Refusal } from '../../src/engine.ts'
import type { Finding } from '../../src/finding.ts'
import { BranchingSession } from '../../src/session/branching-session.ts'
import type { Entry, Passed } from '../../src/session/entry.ts'
import type { Level } from '../../src/session/level.ts'
import type { Session } from '../../src/session/session.ts'
import type { TestTraits } from '../../src/session/session-options.ts'
import type { Teardown } from '../../src/session/step.ts'
import { Journal } from './journal.ts'
import type { ProbeEngine } from './probe-engine.ts'

export const refusal: Refusal = {
  engine: 'fork',
  check: 'worker threads',
  why: '1 worker thread is alive',
  remedy: 'end it',
}

export function fallback(why: string, suite = ''): Finding {
  const detail = `Setup was re-run for every test: ${why}.`
  return { kind: 'fallback', detail, suite, file: 'a.test.ts', count: 1 }
}

export const alone: TestTraits = {
  isAlone: true,
  isAtEdge: true,
  key: 'test',
  followed: 0,
  deadlineMs: 100,
  place: { suite: '', test: 'test' },
}
export const beside: TestTraits = { ...alone, isAlone: false }

/** A suite with steps, where none around it has any. */
export function enterOutermost(session: Session, own: Level): Promise<Entry | null> {
  return session.enterSuite(null, { own, isStateful: true }, false)
}

export function outsideOf(of: Entry['of'], value: unknown): Entry {
  return { of, side: 'outside', outcome: { kind: 'value', value }, isBeside: false }
}

export function start(
  engine: ProbeEngine | null,
  warmup: 'auto' | number = 0,
): { journal: Journal; session: Session } {
  const journal = new Journal()
  const session = new BranchingSession({
    engine,
    warmup,
    beforeSteps: () => journal.entries.push('cleared'),
    beside: null,
    disk: null,
    guard: null,
    beforeBranch: async () => {
      journal.entries.push('settled')
    },
  })
  return { journal, session }
}

/** One test as an adapter runs it: in a branch when there is an entry, else here. */
export async function runTest(
  session: Session,
  level: Level,
  journal: Journal,
): Promise<Entry | Passed | null> {
  const entry = await session.enterTest(level, alone)
  if (entry === null) await runTestHere(session, level, journal)
  return entry
}

export async function runTestHere(session: Session, level: Level, journal: Journal): Promise<void> {
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
