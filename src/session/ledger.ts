import type { Engine, Isolation, Obstacle, Outcome } from '../engine.ts'
import type { Finding, TestPlace } from '../finding.ts'
import { keepChanges } from '../isolation/keep-changes.ts'
import type { CheckpointRecord, Discarded } from '../report/run-record.ts'
import { describeUnstable, type TestOutcome } from './describe-unstable.ts'
import type { Entry, Parcel } from './entry.ts'
import type { Level } from './level.ts'
import { mergeRecords } from './merge-records.ts'
import type { SessionOptions } from './session-options.ts'

/** What happened in one process, and in the branches that have reported to it. */
export class Ledger {
  readonly #levels = new Set<Level>()
  readonly #records: CheckpointRecord[] = []
  readonly #findings: Finding[]
  readonly #discarded: Discarded[] = []
  readonly #rebuilt = new Set<Level>()
  #undone = 0
  #problem: string | null = null
  readonly #rulesUsed = new Set<number>()

  /** @param notes what there is to say before anything has run */
  constructor(notes: readonly Finding[] = []) {
    this.#findings = [...notes]
  }

  /** Tests of the level run. */
  open(level: Level): void {
    this.#levels.add(level)
  }

  /** In a branch: what was before is the business of the process that branched. */
  startAfresh(level: Level): void {
    for (const known of this.#levels) known.startAfresh()
    level.startAfresh()
    this.#levels.clear()
    this.#records.length = 0
    this.#findings.length = 0
    this.#discarded.length = 0
    this.#undone = 0
  }

  /** The level's setup is re-run. One finding for each of the reasons: each has a remedy of its own. */
  addFallback(level: Level, reasons: ReadonlyArray<string | Obstacle>): void {
    const clauses: string[] = []
    for (const reason of reasons) {
      const { why, remedy = null, effect, site } = typeof reason === 'string' ? { why: reason } : reason
      const clause = remedy === null ? why : `${why}; ${remedy}`
      clauses.push(clause)
      this.#add(level, `Setup was re-run for every test: ${clause}.`, {
        ...(effect === undefined ? {} : { nature: 'unsafe', effect }),
        ...(site === undefined ? {} : { site }),
      })
    }
    level.plainBecause = level.why = clauses.join('; ')
  }

  /** The level's tests were to run beside one another, and don't. */
  addSerial(level: Level, { why, remedy }: Obstacle): void {
    this.#add(level, `Tests ran one after the other: ${why}; ${remedy}.`, {})
  }

  /** A test has its steps run again in a branch. Told once. */
  addRebuilt(level: Level): void {
    if (this.#rebuilt.has(level)) return
    this.#rebuilt.add(level)
    this.#add(
      level,
      'Setup was re-run for each run of a property after the first: a process that was forked can not go back to the checkpoint; ' +
        'with the heap engine each run is rolled back.',
      {},
    )
  }

  /** A rollback has not brought something back that the test has changed. */
  addUnrestored(
    { source: { file, suite } }: Level,
    place: TestPlace | null,
    { why, remedy }: Obstacle,
  ): void {
    const detail = `After a rollback ${why}; ${remedy}.`
    this.#findings.push({ kind: 'unrestorable', detail, suite, ...place, file, count: 1 })
  }

  /** A test has run twice from one checkpoint. */
  addVerified({ source: { file } }: Level, place: TestPlace, first: TestOutcome, second: TestOutcome): void {
    const detail = describeUnstable(first, second)
    if (detail !== null) this.#findings.push({ kind: 'unstable', detail, ...place, file, count: 1 })
  }

  /** A branch may have told of it already. */
  #add({ source: { suite, file } }: Level, detail: string, more: Partial<Finding>): void {
    if (this.#findings.some(each => each.detail === detail && each.suite === suite && each.file === file))
      return
    this.#findings.push({ kind: 'fallback', ...more, detail, suite, file, count: 1 })
  }

  /** What this process measured, and what its branches reported. */
  takeRecords(): CheckpointRecord[] {
    const own = [...this.#levels].map(level => level.toRecord())
    return mergeRecords([...own, ...this.#records.splice(0)])
  }

  addFindings(findings: readonly Finding[]): void {
    this.#findings.push(...findings)
  }

  /** Paths of the disk were put back. */
  addUndone(paths: number): void {
    this.#undone += paths
  }

  /** What a test has done to files, and is gone with it. */
  addDiscarded(
    { source: { file } }: Level,
    place: TestPlace,
    isolation: Isolation,
    { keptIn = null, root = '' }: Pick<SessionOptions, 'keptIn' | 'root'>,
  ): void {
    const changes = isolation.listChanges()
    const { changed, created, deleted } = changes
    if (changed.length + created.length + deleted.length === 0) return
    const paths = [...changed, ...created]
    const kept = keptIn === null ? null : keepChanges(paths, keptIn, { ...place, file, root })
    this.#discarded.push({
      file,
      ...place,
      ...changes,
      ...(kept !== null && { keptIn: kept.folder, ...(kept.failed > 0 && { notKept: kept.failed }) }),
    })
  }

  takeDiscarded(): Discarded[] {
    return this.#discarded.splice(0)
  }

  /** Rules that have fitted a call. */
  addRulesUsed(indexes: Iterable<number>): void {
    for (const index of indexes) this.#rulesUsed.add(index)
  }

  get rulesUsed(): number[] {
    return [...this.#rulesUsed]
  }

  takeUndone(): number {
    const undone = this.#undone
    this.#undone = 0
    return undone
  }

  takeFindings(): Finding[] {
    return this.#findings.splice(0)
  }

  /** What the inside of a branch sends along with the adapter's value. */
  pack(of: Entry['of'], value: unknown, bodyMs: number, problem: string | null): Parcel {
    const records = of === 'test' ? [] : this.takeRecords()
    return {
      value,
      bodyMs,
      records,
      findings: this.takeFindings(),
      undone: this.takeUndone(),
      discarded: this.takeDiscarded(),
      rulesUsed: this.rulesUsed,
      ...(problem === null ? {} : { problem }),
    }
  }

  /** @returns why what the test in the last branch did outside is not undone */
  takeProblem(): string | null {
    const problem = this.#problem
    this.#problem = null
    return problem
  }

  /** Takes note of what came along, and of what the branch cost; gives the adapter's value. */
  unpack(
    level: Level,
    { of, outcome, ms, isExtra }: { of: Entry['of']; outcome: Outcome; ms: number; isExtra: boolean },
    engine: Engine,
  ): Outcome {
    if (outcome.kind !== 'value') return outcome
    const { value, bodyMs, records, findings, undone, discarded, rulesUsed, problem } =
      outcome.value as Parcel
    this.#problem = problem ?? null
    if (of === 'test' && !isExtra) {
      // Beside others it may have ended before anybody waited for it.
      const restoreMs = Math.max(0, ms - bodyMs)
      level.figures.note('restore', restoreMs, bodyMs)
      level.figures.note('test', bodyMs)
      engine.noteRestore(restoreMs)
    }
    this.#records.push(...records)
    if (!isExtra) this.#findings.push(...findings)
    if (!isExtra) this.#discarded.push(...discarded)
    this.#undone += undone
    this.addRulesUsed(rulesUsed)
    return { kind: 'value', value }
  }
}
