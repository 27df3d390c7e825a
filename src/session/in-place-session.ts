import type { InPlaceEngine, Obstacle, PlaceState } from '../engine.ts'
import type { Finding, TestPlace } from '../finding.ts'
import type { DiskState } from '../host/memory-disk/disk-state.ts'
import { now } from '../intrinsics.ts'
import { ownProfile } from '../profile/profile.ts'
import type { CheckpointRecord, Discarded } from '../report/run-record.ts'
import { Attempt } from './attempt.ts'
import { CallbackRunner } from './callback-runner.ts'
import { describeFailed } from './describe-failed.ts'
import { describeTainted } from './describe-tainted.ts'
import type { TestOutcome } from './describe-unstable.ts'
import { DiskBase } from './disk-base.ts'
import { judgeLevel } from './judge-level.ts'
import { Ledger } from './ledger.ts'
import type { Level, Prepared } from './level.ts'
import type { Verdict } from './pay-off.ts'
import { runTeardowns } from './run-teardowns.ts'
import type { Session } from './session.ts'
import type { InPlaceOptions, SuiteTraits, TestTraits, TryVerdict } from './session-options.ts'
import { standStill } from './stand-still.ts'
import { TestGuard } from './test-guard.ts'

/** A level's checkpoint: the state, and what of its fixture is contained in it. */
interface Checkpoint {
  place: PlaceState
  disk: DiskState | null
  prepared: Prepared
}

/** Runs every test where it is, from a state that is put back before it. */
export class InPlaceSession implements Session {
  readonly #options: InPlaceOptions
  readonly #engine: InPlaceEngine
  readonly #ledger: Ledger
  readonly #callbacks = new CallbackRunner()
  /** Those that were taken since the innermost suite with state of its own began. */
  #checkpoints = new Map<Level, Checkpoint>()
  /** Such suites that are under way, and the checkpoints of the tests around them. */
  readonly #frames: Array<{ suite: SuiteTraits; around: Map<Level, Checkpoint> }> = []
  readonly #disk: DiskBase
  readonly #guard: TestGuard
  /** The test that has run last from a checkpoint. */
  #last: TestPlace | null = null
  /** The level whose state the test at hand runs from, and whether nothing has run in it yet. */
  #placed: { level: Level; isFresh: boolean } | null = null

  constructor(options: InPlaceOptions) {
    this.#options = options
    this.#ledger = new Ledger(options.notes)
    this.#engine = options.engine
    this.#disk = new DiskBase(options.disk)
    this.#guard = new TestGuard(options.guard ?? null, this.#ledger)
  }

  /** What such a suite does begins in the state of the tests around it, and is gone when the next of those starts. */
  async enterSuite(around: Level | null, suite: SuiteTraits): Promise<null> {
    this.#engine.expectRestore(false)
    if (!suite.isStateful) return null
    if (around !== null && around.plainBecause === null && (await this.#hasCheckpoint(around))) {
      this.#restore(around)
    }
    await this.#callbacks.open()
    this.#frames.push({ suite, around: this.#checkpoints })
    this.#checkpoints = new Map()
    return null
  }

  leaveSuite(around: Level | null, suite: SuiteTraits): void {
    const frame = this.#frames[this.#frames.length - 1]
    if (frame?.suite !== suite) return
    this.#frames.pop()
    for (const level of [...this.#checkpoints.keys()]) this.#drop(level)
    this.#checkpoints = frame.around
    // What the suite did is still there where nothing takes it back.
    if (around !== null && !this.#checkpoints.has(around)) around.reset()
  }

  /** Takes one where it is time for it. */
  async #hasCheckpoint(level: Level): Promise<boolean> {
    if (this.#checkpoints.has(level)) return true
    return this.#judge(level, level.testsLeft) === 'roll' && this.#take(level)
  }

  async enterTest(level: Level, test: TestTraits): Promise<null> {
    const { isAlone, place = null } = test
    this.#engine.expectRestore(false)
    this.#ledger.open(level)
    this.#guard.note(isAlone ? test : null)
    const { testsLeft } = level
    level.countLeft(-1)
    this.#placed = null
    if (!isAlone || level.plainBecause !== null) return null
    const { warmup } = this.#options
    const isUnknown = warmup === 'auto' && !level.isBare && level.figures.setups.length === 0
    if (isUnknown) await this.#prepare(level)
    if (this.#judge(level, testsLeft) !== 'roll') return null
    if (!this.#checkpoints.has(level) && !(await this.#take(level))) return null
    if (this.#restore(level)) this.#placed = { level, isFresh: true }
    this.#last = place
    return null
  }

  enterAgain(): Promise<never> {
    throw new TypeError('a test that runs in place was given a branch')
  }

  get isPlaced(): boolean {
    return this.#placed !== null
  }

  async startTry(level: Level, isExtra = false): Promise<Attempt> {
    const placed = this.#placed?.level === level ? this.#placed : null
    const isPlaced = placed !== null && (placed.isFresh || this.#restore(level, isExtra))
    if (placed !== null) placed.isFresh = false
    await this.#callbacks.open()
    this.#callbacks.throwError()
    // With tests left the next thing to be done is to restore.
    this.#engine.expectRestore(isPlaced && level.testsLeft > 0)
    const attempt = isPlaced
      ? new Attempt(level, true, { onBody: ms => void (isExtra || level.figures.note('test', ms)) })
      : new Attempt(level, false, { disk: this.#disk })
    await attempt.runSetups(this.#options.beforeSteps)
    this.#guard.begin(level, isPlaced)
    return attempt
  }

  async startRound(attempt: Attempt, isAlone: boolean): Promise<void> {
    const { level, isBranch } = attempt
    if (isAlone) this.#guard.startRound()
    if (!isBranch || !isAlone || !this.#restore(level)) return attempt.rebuild()
    await this.#callbacks.open()
    this.#callbacks.throwError()
    this.#engine.expectRestore(true)
  }

  async endTry(level: Level, attempt: Attempt): Promise<TryVerdict> {
    attempt.end()
    const verdict = await this.#guard.end()
    if (attempt.isBranch) this.#guard.closeHandles()
    const problem = this.#guard.undoHere(level)
    // The suites around may have made what was changed.
    for (const each of problem === null ? [] : level.chain) {
      const isDone = each.plainBecause !== null || (each !== level && each.testsLeft === 0)
      if (!isDone && problem !== null) this.#fallBack(each, [describeTainted(problem, false)])
    }
    return verdict
  }

  goOn(): Promise<void> {
    return this.#callbacks.open()
  }

  invalidate(around: Level): void {
    around.reset()
  }

  leaveRolling(): void {}

  isAllPlain(levels: readonly Level[]): boolean {
    return levels.every(level => level.plainBecause !== null || (level.testsLeft === 0 && !level.isRolling))
  }

  async endSuite(level: Level): Promise<unknown[]> {
    this.#engine.expectRestore(false)
    this.#placed = null
    // What the last test has left stays, as it would have without a checkpoint.
    this.#drop(level)
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
    return []
  }

  takeUndone(): number {
    return this.#ledger.takeUndone()
  }

  get rulesUsed(): number[] {
    return this.#ledger.rulesUsed
  }

  #judge(level: Level, testsLeft: number): Verdict['choice'] {
    const { warmup } = this.#options
    const choice = judgeLevel(level, {
      warmup,
      testsLeft,
      branchMs: this.#engine.estimateMs(),
      takeMs: this.#engine.estimateTakeMs(),
      staysWarm: true,
    })
    if (choice === 'plain') this.#drop(level)
    return choice
  }

  #prepare(level: Level): Promise<void> {
    return level.prepare(() => {
      this.#disk.keep()
      this.#engine.beginFixture()
      this.#options.beforeSteps()
    })
  }

  /** Builds the state and records it; a suite for which that can't be done goes the plain way. */
  async #take(level: Level): Promise<boolean> {
    await this.#prepare(level)
    if (level.failed !== null) return this.#fallBack(level, [describeFailed(level.failed)])
    const start = now()
    const refusal = this.#engine.refuse()
    if (refusal !== null) return this.#fallBack(level, [refusal])
    await this.#callbacks.close()
    const still = await standStill(async () => {
      await this.#options.beforeTake()
      return this.#engine.quiesce()
    })
    const taken = Array.isArray(still) ? still : this.#takeNow(still)
    if (Array.isArray(taken)) {
      await this.#callbacks.open()
      return this.#fallBack(level, taken)
    }
    const disk = this.#options.disk?.keep() ?? null
    this.#checkpoints.set(level, { place: taken, disk, prepared: level.keepPrepared() })
    level.startRolling(now() - start, taken.objects)
    return true
  }

  #takeNow(resumeTimers: () => void): PlaceState | Obstacle[] {
    resumeTimers()
    return this.#engine.take()
  }

  /** Brings the state of the level back. False: not all of it, so from here on its setup is re-run. */
  #restore(level: Level, isExtra = false): boolean {
    const checkpoint = this.#checkpoints.get(level)
    if (checkpoint === undefined) return false
    const start = now()
    const obstacles = checkpoint.place.restore()
    if (obstacles.length > 0) return this.#fallBack(level, obstacles)
    if (checkpoint.disk !== null) this.#options.disk?.putBack(checkpoint.disk)
    level.putPreparedBack(checkpoint.prepared)
    this.#callbacks.noteClosed()
    const ms = now() - start
    for (const change of checkpoint.place.findChanges()) this.#ledger.addUnrestored(level, this.#last, change)
    if (isExtra) return true
    level.figures.note('restore', ms)
    this.#engine.noteRestore(ms)
    return true
  }

  #fallBack(level: Level, reasons: ReadonlyArray<string | Obstacle>): false {
    this.#drop(level)
    level.reset()
    this.#disk.putBack()
    this.#ledger.addFallback(level, reasons)
    return false
  }

  #drop(level: Level): void {
    level.isRolling = false
    const holding = [this.#checkpoints, ...this.#frames.map(({ around }) => around)].find(each =>
      each.has(level),
    )
    const checkpoint = holding?.get(level)
    if (checkpoint === undefined) return
    checkpoint.place.release()
    holding?.delete(level)
    // Tests have moved the state on, and nothing brings it back any more.
    level.reset()
  }
}
