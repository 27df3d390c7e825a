import type { Isolation, Remains } from '../engine.ts'
import type { TestPlace } from '../finding.ts'
import type { HostGuard } from '../host/guard/host-guard.ts'
import type { Ledger } from './ledger.ts'
import type { Level } from './level.ts'
import type { TestTraits, TryVerdict } from './session-options.ts'

/** Of a test that nobody has named. */
export const NOWHERE: TestPlace = { suite: '', test: '' }

/** Of tests that run one after the other: each is undone before the next one begins. */
const JOURNAL = 'test'

/** One session's use of the guard, if there is one: which tries are watched, and what is undone after them. */
export class TestGuard {
  readonly #guard: HostGuard | null
  readonly #ledger: Ledger
  /** The test that is at hand; null while several are under way. */
  #test: Pick<TestTraits, 'place'> | null = null
  /** Names what is kept of the disk; null where nothing is. */
  #journal: string | null = null
  #isWatched = false

  constructor(guard: HostGuard | null, ledger: Ledger) {
    this.#guard = guard
    this.#ledger = ledger
  }

  note(test: Pick<TestTraits, 'place'> | null): void {
    this.#test = test
    this.#journal = test === null ? null : JOURNAL
  }

  /** The test at hand runs in a branch: beside others in one of this name. */
  nameJournal(besideOthers: string | null): void {
    this.#journal = besideOthers ?? JOURNAL
  }

  /** In a branch: what it has to itself of the system needs no undoing. */
  isolate(isolation: Isolation | null): void {
    this.#guard?.isolate(isolation)
  }

  /** A branch: what was found before is told by the process that branched. */
  startAfresh(): void {
    this.#guard?.takeFindings()
    this.#guard?.failedUndos.takeProblem()
  }

  /** The state is built, and nothing of the try itself has run. */
  begin(level: Level, isRolledBack: boolean): void {
    const guard = this.#guard
    if (guard === null || this.#test === null) return
    const isUndone = isRolledBack || guard.disk.isWhole
    this.#isWatched = isUndone || guard.isStrict
    if (!this.#isWatched) return
    if (!isUndone) this.#journal = null
    const place = this.#test.place ?? NOWHERE
    guard.beginTest({ file: level.source.file, place, journal: this.#journal, isRolledBack })
  }

  /** The try is over. */
  async end(): Promise<TryVerdict> {
    if (!this.#isWatched || this.#guard === null) {
      this.#journal = null
      return { error: null, findings: [] }
    }
    this.#isWatched = false
    const error = await this.#guard.endTest()
    return { error, findings: this.#guard.lastFound }
  }

  /** The state is to be that of the checkpoint once more, within the try. */
  startRound(): void {
    if (this.#isWatched) this.#guard?.startRound()
  }

  /** In a process that goes on: what the test has left open. */
  closeHandles(): void {
    this.#guard?.closeHandles()
  }

  /** The test's process has ended without a result; what it did to the disk has been undone. */
  noteCrash(level: Level, remains: Remains): void {
    if (this.#guard === null || this.#test === null) return
    this.#guard.noteCrash(remains, { file: level.source.file, place: this.#test.place ?? NOWHERE })
    this.collect()
  }

  /** Puts the disk back after a try in this process. @returns why not all of it could be */
  undoHere(level: Level): string | null {
    const problem = this.undo(level)
    this.#journal = this.#test === null ? null : JOURNAL
    return problem
  }

  /** Puts the disk back after a test, wherever it has run. @returns why not all of it could be */
  undo(level: Level): string | null {
    if (this.#guard === null || this.#journal === null || this.#test === null) return this.takeProblem()
    const place = { file: level.source.file, place: this.#test.place ?? NOWHERE }
    const { undone } = this.#guard.undo(this.#journal, place)
    this.#ledger.addUndone(undone)
    this.collect()
    return this.takeProblem()
  }

  /** @returns why what a test did outside is not undone, as a clause */
  takeProblem(): string | null {
    return this.#guard?.failedUndos.takeProblem() ?? null
  }

  /** What was found goes with all else that is to be reported. */
  collect(): void {
    this.#ledger.addFindings(this.#guard?.takeFindings() ?? [])
    this.#ledger.addRulesUsed(this.#guard?.rules.used ?? [])
  }

  /** Nothing runs any more. */
  close(): void {
    this.#ledger.addUndone(this.#guard?.undoLeft() ?? 0)
    this.collect()
  }
}
