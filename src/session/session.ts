import type { BranchOptions } from '../engine.ts'
import type { Finding, TestPlace } from '../finding.ts'
import type { CheckpointRecord, Discarded } from '../report/run-record.ts'
import type { Attempt } from './attempt.ts'
import type { TestOutcome } from './describe-unstable.ts'
import type { Entry, Passed } from './entry.ts'
import type { Level } from './level.ts'
import type { SuiteTraits, TestTraits, TryVerdict } from './session-options.ts'

/**
 * One test file in one process: decides where each suite and test runs, keeps the checkpoints' state, and collects what
 * happened. An adapter tells it what the runner is about to do; it answers `null` for "here", or an entry.
 */
export interface Session {
  /**
   * Before a nested suite. One that changes state of its own (hooks around all its tests, or steps) may not be seen by later
   * siblings that are rolled back.
   *
   * @param isAtEdge it stands right in the suite of the level `around`
   */
  enterSuite(around: Level | null, suite: SuiteTraits, isAtEdge: boolean): Promise<Entry | null>
  /** After a suite that was entered and ran here, its `afterAll` hooks included. */
  leaveSuite(around: Level | null, suite: SuiteTraits): void
  /** Before a test. The answer may be a branch for the rest of its suite: ask again inside. */
  enterTest(level: Level, test: TestTraits): Promise<Entry | Passed | null>
  /** The test that was entered runs here, from a state that was put back. */
  readonly isPlaced: boolean
  /** One more branch for a test that `enterTest` gave one: its next try, or one that is only looked at. */
  enterAgain(level: Level, options: BranchOptions, isExtra?: boolean): Promise<Entry>
  /**
   * At the start of a try in this process, before any hook of the test. Throws what a callback around a branch threw.
   *
   * @param isExtra it is only looked at: it would not have been run without forkpoint
   */
  startTry(level: Level, isExtra?: boolean): Promise<Attempt>
  /** A try has ended, with all its hooks. */
  endTry(level: Level, attempt: Attempt): Promise<TryVerdict>
  /**
   * Within a try whose hooks run once more, as they do for each run of a property: before them the state is to be what it was before
   * the first.
   *
   * @param isAlone no other test may be under way in this process
   */
  startRound(attempt: Attempt, isAlone: boolean): Promise<void>
  /**
   * On both sides of a branch for a suite, or the rest of one, once the adapter has taken note of it: the runner goes on,
   * maybe with code that no level is told of.
   */
  goOn(): Promise<void>
  /** Hooks around all tests of a suite ran: on the plain way the steps would run after them, so they have to run again. */
  invalidate(around: Level): void
  /** Before user code runs in this process: nothing is begun ahead any more, and a process that was ends here. */
  leaveRolling(): void
  /** No test of these levels will be rolled back any more. */
  isAllPlain(levels: readonly Level[]): boolean
  /** Runs the kept teardowns of a suite that ends, newest first: all of them, whatever some throw. */
  endSuite(level: Level): Promise<unknown[]>
  /** A test of the level has run twice from its checkpoint. */
  noteVerified(level: Level, place: TestPlace, first: TestOutcome, second: TestOutcome): void
  /** What this process measured, and what its branches reported. */
  takeRecords(): CheckpointRecord[]
  takeFindings(): Finding[]
  /** How many paths of the disk were put back after tests. */
  takeUndone(): number
  /** What tests have done to files, and is gone with them. */
  takeDiscarded(): Discarded[]
  /** Indexes of the project's rules that have fitted a call. */
  readonly rulesUsed: number[]
}
