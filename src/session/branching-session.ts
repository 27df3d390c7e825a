import type { Branch, BranchOptions, Engine } from '../engine.ts'
import type { Finding, TestPlace } from '../finding.ts'
import { now } from '../intrinsics.ts'
import { ownProfile } from '../profile/profile.ts'
import type { CheckpointRecord, Discarded } from '../report/run-record.ts'
import { Attempt } from './attempt.ts'
import { CallbackRunner } from './callback-runner.ts'
import { describeFailed } from './describe-failed.ts'
import { describeTainted } from './describe-tainted.ts'
import type { TestOutcome } from './describe-unstable.ts'
import { DiskBase } from './disk-base.ts'
import type { Entering, Entry, Passed } from './entry.ts'
import { judgeLevel } from './judge-level.ts'
import { Ledger } from './ledger.ts'
import type { Level } from './level.ts'
import { Rolling } from './rolling.ts'
import { runTeardowns } from './run-teardowns.ts'
import type { Session } from './session.ts'
import type { SessionOptions, SuiteTraits, TestTraits, TryVerdict } from './session-options.ts'
import { NOWHERE, TestGuard } from './test-guard.ts'

/** Runs tests and suites in branches of this process. */
export class BranchingSession implements Session {
  readonly #options: SessionOptions
  readonly #ledger: Ledger
  readonly #callbacks = new CallbackRunner()
  readonly #disk: DiskBase
  readonly #guard: TestGuard
  readonly #rolling: Rolling
  #inside: Entry['of'] | null = null
  /** Of the test at hand. */
  #place: TestPlace = NOWHERE
  /** Levels that are built in this branch only. */
  readonly #contained = new Set<Level>()
  /** Why what a test of this process's suite did outside is not undone: whoever has branched starts from it too. */
  #problem: string | null = null

  constructor(options: SessionOptions) {
    this.#options = options
    this.#ledger = new Ledger(options.notes)
    this.#disk = new DiskBase(options.disk)
    this.#guard = new TestGuard(options.engine === null ? null : (options.guard ?? null), this.#ledger)
    const { engine, beside } = options
    this.#rolling = new Rolling({ engine, beside, ledger: this.#ledger, callbacks: this.#callbacks })
  }

  /** A suite gets a branch when the tests around it are rolled back, or its own will be. */
  async enterSuite(around: Level | null, suite: SuiteTraits, isAtEdge: boolean): Promise<Entry | null> {
    this.leaveRolling()
    if (around !== null && this.#wouldRoll(around, around.testsLeft)) {
      if (!this.#isContained(around)) return isAtEdge ? this.#branchForRest(around) : null
      if (!suite.isStateful) return null
      return (await this.#prepareToRoll(around)) ? this.#branchForSuite(around, suite.own, 'suite') : null
    }
    const { own } = suite
    const isOutermost = own !== null && around === null && own.source.suite !== ''
    if (!isOutermost || this.#options.warmup !== 0 || !this.#wouldRoll(own, own.testsLeft)) return null
    return (await this.#rolling.canBranch(own)) ? this.#branchForSuite(own, own, 'suite') : null
  }

  leaveSuite(): void {}

  /**
   * Before a test. Where the state of a nested suite would be built in the process of its siblings, the answer is a branch
   * for the rest of that suite: ask again inside.
   */
  async enterTest(level: Level, test: TestTraits): Promise<Entry | Passed | null> {
    const { isAlone, isAtEdge } = test
    this.#ledger.open(level)
    this.#guard.note(isAlone ? test : null)
    this.#place = test.place ?? NOWHERE
    const { testsLeft } = level
    level.countLeft(-1)
    const { engine, warmup } = this.#options
    if (engine === null || !isAlone || level.plainBecause !== null) return null
    const isContained = this.#isContained(level)
    if (warmup === 'auto' && isContained && !level.isBare && level.figures.setups.length === 0) {
      await this.#prepare(level)
    }
    if (!this.#wouldRoll(level, testsLeft)) return null
    if (!isContained) {
      if (!isAtEdge) return null
      level.countLeft(1)
      const entry = await this.#branchForRest(level)
      if (entry === null) level.countLeft(-1)
      return entry
    }
    return (await this.#prepareToRoll(level)) ? this.#branchForTest(level, test, false) : null
  }

  readonly isPlaced = false

  async enterAgain(level: Level, options: BranchOptions, isExtra = false): Promise<Entry> {
    const entry = await this.#branchForTest(level, options, true, isExtra)
    if (entry.side === 'elsewhere') throw new TypeError('a test was passed over after its branch')
    return entry
  }

  async startTry(level: Level): Promise<Attempt> {
    this.#makeRoom()
    await this.#callbacks.open()
    this.#callbacks.throwError()
    const attempt = new Attempt(level, this.#inside === 'test', { disk: this.#disk })
    await attempt.runSetups(this.#options.beforeSteps)
    this.#guard.begin(level, attempt.isBranch)
    return attempt
  }

  async startRound(attempt: Attempt): Promise<void> {
    const { isBranch, level } = attempt
    this.#guard.startRound()
    if (isBranch && !level.isBare) this.#ledger.addRebuilt(level)
    await attempt.rebuild()
  }

  async endTry(level: Level, attempt: Attempt): Promise<TryVerdict> {
    attempt.end()
    const verdict = await this.#guard.end()
    if (!attempt.isBranch) this.#problem = this.#guard.undoHere(level) ?? this.#problem
    return verdict
  }

  goOn(): Promise<void> {
    return this.#callbacks.open()
  }

  invalidate(around: Level): void {
    around.reset()
  }

  leaveRolling(): void {
    this.#options.engine?.endIfAhead()
    this.#options.engine?.rest()
  }

  /** A setup is to run here. */
  #makeRoom(): void {
    this.leaveRolling()
    if (this.#inside !== 'test') this.#options.engine?.tidy()
  }

  isAllPlain(levels: readonly Level[]): boolean {
    return levels.every(level => level.plainBecause !== null || (level.testsLeft === 0 && !level.isRolling))
  }

  async endSuite(level: Level): Promise<unknown[]> {
    this.leaveRolling()
    this.#rolling.stop(level)
    await this.#callbacks.open()
    const errors = await runTeardowns(level)
    if (level.source.parent === null) this.#disk.putBack()
    return errors
  }

  noteVerified(level: Level, place: TestPlace, first: TestOutcome, second: TestOutcome): void {
    this.#ledger.addVerified(level, place, first, second)
  }

  takeRecords(): CheckpointRecord[] {
    return this.#ledger.takeRecords()
  }

  takeFindings(): Finding[] {
    this.#guard.close()
    ownProfile()?.save()
    return this.#ledger.takeFindings()
  }

  takeDiscarded(): Discarded[] {
    return this.#ledger.takeDiscarded()
  }

  takeUndone(): number {
    return this.#ledger.takeUndone()
  }

  get rulesUsed(): number[] {
    return this.#ledger.rulesUsed
  }

  /** What the level builds stays in this process: it is the file's, or this process is a branch for its suite. */
  #isContained(level: Level): boolean {
    return level.source.suite === '' || this.#contained.has(level)
  }

  #wouldRoll(level: Level, testsLeft: number): boolean {
    const { engine, warmup } = this.#options
    if (engine === null || level.plainBecause !== null) return false
    if (!level.isBare && level.source.parent !== null && this.#contained.has(level)) {
      level.why = 'the suite around it is rolled back'
      return true
    }
    const choice = judgeLevel(level, { warmup, testsLeft, branchMs: engine.estimateMs() })
    if (choice === 'plain') this.#rolling.stop(level)
    return choice === 'roll'
  }

  #prepare(level: Level): Promise<void> {
    return level.prepare(() => {
      this.#disk.keep()
      this.#makeRoom()
      this.#options.beforeSteps()
    })
  }

  /** Builds the state and makes sure it can be branched from; a suite for which it can't be goes the plain way. */
  async #prepareToRoll(level: Level): Promise<boolean> {
    await this.#prepare(level)
    if (level.failed !== null) return this.#rolling.fallBack(level, [describeFailed(level.failed)])
    const start = now()
    if (!(await this.#rolling.canBranch(level))) return false
    if (!level.isRolling) this.#rolling.start(level, now() - start)
    return true
  }

  async #branchForRest(level: Level): Promise<Entry | null> {
    return (await this.#rolling.canBranch(level)) ? this.#branchForSuite(level, level, 'rest') : null
  }

  /** @param contained the level whose state is built in the branch */
  async #branchForSuite(level: Level, contained: Level | null, of: 'suite' | 'rest'): Promise<Entry> {
    const engine = await this.#readyEngine()
    const branch = engine.branch({ deadlineMs: 0, key: 'suite', followed: 0 })
    return this.#enter(level, { of, contained }, engine, branch)
  }

  async #branchForTest(
    level: Level,
    options: BranchOptions,
    isAgain: boolean,
    isExtra = false,
  ): Promise<Entry | Passed> {
    const engine = await this.#readyEngine()
    const { beside } = this.#options
    const { key, followed, deadlineMs } = options
    const isIsolated = this.#options.isIsolated === true
    const isBeside = beside !== null && this.#rolling.isSharing
    this.#guard.nameJournal(isBeside ? key : null)
    const branch = isBeside
      ? await engine.branchBeside({ key, followed, deadlineMs, isIsolated, isAgain, ...beside })
      : engine.branch({ key, followed, deadlineMs, isIsolated })
    return branch.side === 'elsewhere'
      ? { of: 'test', side: 'elsewhere' }
      : this.#enter(level, { of: 'test', isBeside, isExtra }, engine, branch)
  }

  async #readyEngine(): Promise<Engine> {
    const { engine } = this.#options
    if (engine === null) throw new TypeError('a branch was asked for without an engine')
    if (!engine.isAhead) await this.#options.beforeBranch(engine.isStill)
    return engine
  }

  #enter(
    level: Level,
    { of, contained = null, isBeside = false, isExtra = false }: Entering,
    engine: Engine,
    branch: Branch,
  ): Entry {
    if (branch.side === 'outside') {
      if (!level.isRolling) this.#rolling.goOn()
      const outcome = this.#ledger.unpack(level, { of, isExtra, ...branch }, engine)
      // What was begun ahead sees this too: one of them is enough.
      const ofBranch = this.#ledger.takeProblem()
      const around = of === 'test' || contained === null ? level : contained.source.parent
      const problem = of === 'test' && !engine.isAhead ? (this.#guard.undo(level) ?? ofBranch) : ofBranch
      if (branch.remains !== undefined && !isExtra) this.#guard.noteCrash(level, branch.remains)
      if (problem !== null && !engine.isAhead) this.#fallBackFrom(around, problem)
      return { of, side: 'outside', outcome, isBeside }
    }
    this.#inside = of
    this.#problem = null
    this.#guard.startAfresh()
    const { isolation } = branch
    this.#guard.isolate(isolation ?? null)
    this.#rolling.stop(level)
    if (contained !== null) this.#contained.add(contained)
    this.#ledger.startAfresh(level)
    const start = now()
    const finish = (value: unknown): Promise<never> => {
      this.#guard.collect()
      if (isolation !== undefined) this.#ledger.addDiscarded(level, this.#place, isolation, this.#options)
      const problem = this.#guard.takeProblem() ?? this.#problem
      const parcel = this.#ledger.pack(of, value, now() - start, problem)
      engine.rest()
      return branch.finish(parcel)
    }
    return { of, side: 'inside', finish, ...(branch.aside && { aside: branch.aside }) }
  }

  /** In memory the state is what it was; outside it is not, nor for the suites around, which may have made what was changed. */
  #fallBackFrom(level: Level | null, problem: string): void {
    this.#problem = problem
    for (const each of level?.chain ?? []) {
      each.reset()
      const isOver = each.plainBecause !== null || (each !== level && each.testsLeft === 0)
      if (!isOver) this.#rolling.fallBack(each, [describeTainted(problem, true)])
    }
  }
}
