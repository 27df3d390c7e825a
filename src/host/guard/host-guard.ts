import { findDeclared } from '../../annotations/declared.ts'
import type { Isolation, Remains } from '../../engine.ts'
import type { Finding, TestPlace } from '../../finding.ts'
import type { Rule } from '../../options/forkpoint-options.ts'
import { sharedState } from '../../state.ts'
import type { UndoResult } from '../journal/undo.ts'
import type { Call } from '../patches.ts'
import { CallRecords, type Stack, stackBelow } from './call-records.ts'
import { type Frame, isOfNode, isOwn, pathOf, readFrames } from './callers.ts'
import { describeCrash } from './describe-crash.ts'
import { describeLeak } from './describe-leak.ts'
import { describeMisplaced } from './describe-misplaced.ts'
import { describeNotUndone } from './describe-not-undone.ts'
import { DiskGuard, type UndoScope } from './disk-guard.ts'
import { FailedUndos } from './failed-undos.ts'
import type { FileChange } from './file-change.ts'
import { type Handle, HandleJournal } from './handle-journal.ts'
import type { HostCall } from './host-call.ts'
import { Journals } from './journals.ts'
import { LeftRunning } from './left-running.ts'
import { OwnPeers } from './own-peers.ts'
import { reportSystemCalls } from './report-system-calls.ts'
import { RuleBook } from './rule-book.ts'
import { describeStrict, type StrictError } from './strict-error.ts'
import { SystemCallWatch } from './system-call-watch.ts'
import type { WatchedCall } from './watched-calls.ts'

export interface GuardOptions {
  /** The project's folder: where journals are, and what globs of rules are seen from. */
  root: string
  scope: UndoScope
  rules: readonly Rule[]
  isStrict: boolean
  trace: boolean
  /** Whether the code of this file is the runner's, and what it does is the run's and no test's. */
  isOutside(file: string): boolean
  /** Whether the code of this file is the runner's, whoever it works for: timers it has started are its own. */
  isOfRunner?(file: string): boolean
}

/** A test that is watched. */
export interface WatchedTest {
  file: string
  place: TestPlace
  /** Names the journal of what it does to the disk. Null: nothing is undone. */
  journal: string | null
  /** The state is put back after it, with what it has left running. */
  isRolledBack: boolean
}

/** Frames that are looked through for the line of user code, below those of a client library. */
const FRAMES = 40

/**
 * Knows every call that leaves the process while a test or a setup runs, as far as the replaced functions tell it. What can be taken
 * back it keeps a journal of; the rest it reports.
 */
export class HostGuard {
  disk: DiskGuard
  readonly peers: OwnPeers = new OwnPeers()
  readonly handles: HandleJournal
  readonly failedUndos: FailedUndos = new FailedUndos()
  rules: RuleBook
  /** For what can only be watched once user code has loaded it. */
  readonly beforeTest: Array<() => void> = []
  #options: GuardOptions
  readonly #records = new CallRecords()
  #journals: Journals
  #phase: 'off' | 'fixture' | 'test' = 'off'
  #depth = 0
  isolation: Isolation | null = null
  #calls: SystemCallWatch | null = null
  #test: WatchedTest | null = null
  /** Of rules that know how to take a call back. */
  readonly #undos: Array<() => unknown> = []
  readonly #findings: Finding[] = []
  readonly left: LeftRunning = new LeftRunning(this)
  /** Of the test that has ended last. */
  lastFound: readonly Finding[] = []

  constructor(options: GuardOptions) {
    this.#options = options
    this.disk = new DiskGuard(options.scope)
    this.handles = new HandleJournal(options.trace)
    this.rules = new RuleBook(options.rules, options.root)
    this.#journals = new Journals(options.root)
  }

  /** Another file begins, whose project may have other options: what setups of files before have made is none of its own. */
  configure(options: GuardOptions): void {
    this.#options = options
    this.disk = new DiskGuard(options.scope)
    this.rules = new RuleBook(options.rules, options.root)
    this.#journals = new Journals(options.root)
  }

  get isStrict(): boolean {
    return this.#options.isStrict
  }

  /** A call counts: something is watched, and it is not part of another one. */
  get isWatching(): boolean {
    return this.#phase !== 'off' && this.#depth === 0
  }

  get phase(): 'off' | 'fixture' | 'test' {
    return this.#phase
  }

  /** Calls that user code's call makes in turn are part of it. */
  run<T>(call: () => T): T {
    this.#depth++
    try {
      return this.#calls === null ? call() : this.#calls.during(call)
    } finally {
      this.#depth--
    }
  }

  /** Makes a watched call, as its handler does. */
  handle<T>(watched: WatchedCall, call: () => T): T {
    return this.#calls === null ? call() : this.#calls.during(call, watched)
  }

  /** In a branch: what of the system it has to itself, and the kernel's word on what it does. */
  isolate(isolation: Isolation | null): void {
    this.isolation = isolation
    this.disk.isolate(isolation)
    this.#calls = isolation?.calls ? new SystemCallWatch(isolation.calls) : null
  }

  /** A setup runs. @returns ends it */
  beginFixture(): () => void {
    for (const prepare of this.beforeTest) prepare()
    const before = this.#phase
    this.#phase = 'fixture'
    this.handles.beginFixture()
    return () => {
      this.#phase = before
      this.handles.endFixture()
    }
  }

  beginTest(test: WatchedTest): void {
    for (const prepare of this.beforeTest) prepare()
    this.#test = test
    this.failedUndos.place = { file: test.file, ...test.place }
    this.#phase = 'test'
    this.disk.begin(test.journal === null ? null : this.#journals.start(test.journal))
    this.handles.begin()
    this.#calls?.begin()
  }

  /** The test has ended, its hooks included: what it did is judged. @returns the error that fails it, in strict mode */
  async endTest(): Promise<StrictError | null> {
    const test = this.#test
    if (test === null) return null
    this.#phase = 'off'
    this.#test = null
    if (this.#calls !== null) this.#undos.push(...reportSystemCalls(this.#calls, this, this.#records))
    const leaks = await this.left.take(test.isRolledBack, this.isolation)
    const place = { file: test.file, ...test.place }
    await this.#callUndos()
    this.#seal()
    const { trace } = this.#options
    const found = [
      ...this.#records.take(place, trace),
      ...leaks.flatMap(leak => describeLeak(leak, place, trace)),
    ]
    this.#findings.push(...found)
    this.lastFound = found
    const unsafe = found.filter(({ kind, nature }) => kind === 'host-call' && nature === 'unsafe')
    return this.isStrict && unsafe.length > 0 ? describeStrict(unsafe) : null
  }

  /** The process of a test has ended without a result; what it did to the disk has been undone. */
  noteCrash(remains: Remains, { file, place }: Pick<WatchedTest, 'file' | 'place'>): void {
    const { findings, undos } = describeCrash(remains, this, this.#journals, { file, ...place })
    this.#findings.push(...findings)
    this.#undos.push(...undos)
    void this.#callUndos()
  }

  /** The test starts again, with the disk as it was when it began. */
  startRound(): void {
    const journal = this.#test?.journal ?? null
    if (this.disk.unit === null || journal === null) return
    this.#seal()
    const { failed, unit: renewed } = this.#journals.restart(journal)
    for (const each of failed) this.failedUndos.add(describeNotUndone(each))
    this.disk.renew(renewed)
  }

  #seal(): void {
    const { unit } = this.disk
    const why = unit?.seal() ?? null
    if (unit === null || why === null) return
    const [path = unit.path, ...others] = unit.paths
    const more = others.length === 0 ? '' : ` (nor ${others.length} more)`
    this.failedUndos.add(describeNotUndone({ path: path + more, why, kept: null }))
  }

  /** What is found by a rule, and undone by it: newest first. */
  async #callUndos(): Promise<void> {
    for (const undo of this.#undos.splice(0).reverse()) {
      try {
        await undo()
      } catch (error) {
        this.failedUndos.addError('An undo of the option `rules`', error)
      }
    }
  }

  /** A test has opened something. @param origin the stack of the call that led to it, where this one has none of user code */
  open(handle: Handle, below: Call, origin?: Stack): void {
    if (this.#phase === 'test') this.handles.add(handle, origin ?? stackBelow(below), findDeclared() !== null)
  }

  /** In the process of the test, where that goes on: closes what it has left open, newest first. */
  closeHandles(): void {
    this.left.close()
  }

  /** Undoes what a test did to the disk. In whatever process: what it needs is on the disk. */
  undo(journal: string, { file, place }: Pick<WatchedTest, 'file' | 'place'>): UndoResult {
    this.failedUndos.place = { file, ...place }
    const result = this.#journals.undo(journal)
    for (const failed of result.failed) this.failedUndos.add(describeNotUndone(failed))
    return result
  }

  /** Undoes what journals there are: of tests whose end nobody has seen. @returns how many paths were put back */
  undoLeft(): number {
    const { undone, failed } = this.#journals.undoLeft()
    for (const each of failed) this.failedUndos.add(describeNotUndone(each))
    return undone
  }

  takeFindings(): Finding[] {
    return [
      ...this.#findings.splice(0),
      ...this.failedUndos.takeFindings(),
      ...sharedState().misplacedTags.splice(0).map(describeMisplaced),
    ]
  }

  /** A setup changes files, so that tests may change them too. */
  noteFixture(change: FileChange): void {
    this.disk.footprint.note(change)
  }

  /** Whether the code that called `below` is the run's own, and not a test's. */
  isOfRun(below: Call): boolean {
    const [caller] = readFrames(below, 1)
    return caller !== undefined && this.isFrameOfRun(caller)
  }

  /** Whether what a line of this file has started is the run's own, or its runner's. */
  isFileOfRunner(file: string): boolean {
    return this.isFrameOfRun({ file, position: '' }) || this.#options.isOfRunner?.(pathOf(file)) === true
  }

  /** Whether it is the run's own line, and not a test's. */
  isFrameOfRun(frame: Frame): boolean {
    return isOwn(frame) || (!isOfNode(frame) && this.#options.isOutside(pathOf(frame.file)))
  }

  /**
   * A test has made a call that it can't take back.
   *
   * @param below the replaced function: its caller is the one to blame
   * @param why what made it worse than its kind of call usually is
   * @param origin the stack of the call that led to it, where this one has none of user code
   */
  report(
    call: HostCall,
    below: Call,
    { why = null, origin }: { why?: string | null; origin?: Stack | undefined } = {},
  ): void {
    if (this.#phase !== 'test' || findDeclared() !== null) return
    const frames = readFrames(below, FRAMES)
    const [caller] = frames
    if (caller !== undefined && this.isFrameOfRun(caller)) return
    const rule = this.rules.isEmpty ? null : this.rules.find(call, frames)
    if (rule !== null) {
      const { call: name, resource } = call
      if (rule.undo !== undefined) this.#undos.push(() => rule.undo?.({ call: name, resource }))
      if (rule.nature !== 'unsafe') return
      this.#records.add({ ...call, nature: 'unsafe' }, frames, stackBelow(below), rule.why)
      return
    }
    this.#records.add(call, frames, origin ?? stackBelow(below), why)
  }

  /** Some line of user code is under way: the call is no step of one that Node has taken on. */
  static isOfUser(below: Call): boolean {
    return readFrames(below, FRAMES).some(frame => !isOfNode(frame) && !isOwn(frame))
  }
}
