import { now } from '../intrinsics.ts'
import type { CheckpointRecord } from '../report/run-record.ts'
import { median } from '../report/statistics.ts'
import { sharedState } from '../state.ts'
import { Figures } from './figures.ts'
import { runStep, type Step, type StepResult, type Teardown } from './step.ts'

export interface LevelSource {
  file: string
  /** Full name of the suite; empty for the file itself. */
  suite: string
  /** The nearest enclosing suite that has steps too. */
  parent: Level | null
  steps: readonly Step[]
  /** Tests that start from this level's state, whatever nested suite they stand in. */
  tests: number
}

/** A teardown that this process has to run, and the kind of step it is of. */
export interface OwnTeardown {
  kind: Step['kind']
  teardown: Teardown
}

/** Results of the steps of a chain of levels. */
export type Prepared = ReadonlyArray<readonly [Level, ReadonlyMap<Step, StepResult>]>

/**
 * A suite with a fixture: one level of the tree of checkpoints. The state a test starts from is that of its level: the
 * steps of all enclosing levels, outermost first, and then its own.
 */
export class Level {
  readonly source: LevelSource
  readonly figures: Figures = new Figures()
  /** Tests that start from this level's state. */
  tests: number
  /** Not yet run, of this level and of nested ones. */
  testsLeft: number
  /** Tests start from a checkpoint of this level. */
  isRolling = false
  /** Set once and for all: its tests run the plain way, and this is why. */
  plainBecause: string | null = null
  why = ''
  takeMs = 0
  warmups = 0
  residentMb = 0
  objects: number | null = null
  /** Tries in this process whose steps failed, so that the body did not run. */
  failedTries = 0
  /** What this process's state contains: filled by `prepare`, emptied when a test or a hook has moved the state on. */
  readonly #prepared = new Map<Step, StepResult>()
  /** Steps that were prepared by the process this one branched from: their teardowns are not for this one. */
  readonly #inherited = new Set<Step>()
  /** Teardowns of steps that were prepared here and then run again. */
  readonly #overtaken: OwnTeardown[] = []

  constructor(source: LevelSource) {
    this.source = source
    this.tests = source.tests
    this.testsLeft = source.tests
  }

  /** One more test starts from this level's state. */
  addTest(): void {
    this.tests++
    this.countLeft(1)
  }

  /** Tests of nested levels count too: a checkpoint of this one is of use to them. */
  countLeft(difference: 1 | -1): void {
    for (const level of this.chain) level.testsLeft += difference
  }

  /** This level and those around it, outermost first. */
  get chain(): Level[] {
    return [...(this.source.parent?.chain ?? []), this]
  }

  get chainSteps(): Step[] {
    return this.chain.flatMap(level => level.source.steps)
  }

  /** Nothing to build: the state after the `beforeAll` hooks is the state to come back to. */
  get isBare(): boolean {
    return this.chain.every(level => level.source.steps.length === 0)
  }

  /** Some step of the chain was prepared, and in this process. */
  get isPrepared(): boolean {
    return this.chain.some(level => [...level.#prepared.keys()].some(step => !level.#inherited.has(step)))
  }

  /** The kind of the step of the chain that was prepared and threw. */
  get failed(): Step['kind'] | null {
    const prepared = this.chain.flatMap(level => [...level.#prepared])
    return prepared.find(([, result]) => 'error' in result)?.[0].kind ?? null
  }

  /**
   * Brings this process to the level's state: runs what is missing of the chain, in order, up to the first that fails.
   * Enclosing levels that are prepared stay as they are. `before` is called once if anything has to run.
   */
  async prepare(before: () => void): Promise<void> {
    const missing = this.chain.flatMap(level =>
      level.source.steps.filter(step => !level.#prepared.has(step)).map(step => ({ level, step })),
    )
    if (missing.length === 0) return
    before()
    const start = now()
    for (const { level, step } of missing) {
      const result = await runStep(step)
      level.#prepared.set(step, result)
      if ('error' in result) break
    }
    const isWhole = missing.length === this.chainSteps.length
    this.figures.note('setup', isWhole ? now() - start : this.chainMs())
  }

  /**
   * The result of a step that `prepare` ran here, which the caller now owns; null when it has to run. What was inherited is
   * torn down by its owner, so a caller that tears down has to build its own.
   */
  adopt(step: Step): StepResult | null {
    const isInherited = this.chain.some(level => level.#inherited.has(step))
    const result = isInherited ? null : this.peek(step)
    for (const level of this.chain) {
      level.#prepared.delete(step)
      level.#inherited.delete(step)
    }
    // A hoisted hook may have failed for want of a running test: it gets its turn in the test.
    return result !== null && 'error' in result && step.kind === 'hoisted' ? null : result
  }

  /** The result of a step that is prepared. */
  peek(step: Step): StepResult | null {
    for (const level of this.chain) {
      const result = level.#prepared.get(step)
      if (result !== undefined) return result
    }
    return null
  }

  /** The state has moved on: all steps have to run again before the next test. */
  reset(): void {
    for (const level of this.chain) level.#overtaken.push(...level.#releaseTeardowns())
  }

  /** What is prepared now, to be put back with the state that contains it. */
  keepPrepared(): Prepared {
    return this.chain.map(level => [level, new Map(level.#prepared)])
  }

  /** The state is the one in which this was prepared, once more. */
  putPreparedBack(prepared: Prepared): void {
    for (const [level, results] of prepared) {
      level.#releaseTeardowns()
      const teardowns = new Set([...results.values()].map(result => 'teardown' in result && result.teardown))
      const isKept = ({ teardown }: OwnTeardown): boolean => !teardowns.has(teardown)
      level.#overtaken.splice(0, Infinity, ...level.#overtaken.filter(isKept))
      for (const [step, result] of results) level.#prepared.set(step, result)
    }
  }

  /** The level ends: its teardowns, newest first, are the caller's. */
  takeTeardowns(): OwnTeardown[] {
    return [...this.#overtaken.splice(0), ...this.#releaseTeardowns()].reverse()
  }

  /** Its tests start from a checkpoint from here on, which took so long to take. @param objects that are recorded, if they are */
  startRolling(takeMs: number, objects: number | null = null): void {
    this.isRolling = true
    this.warmups = this.figures.plainBodies.length
    this.takeMs = takeMs
    this.objects = objects
    this.figures.note('take', takeMs)
    this.residentMb = process.memoryUsage.rss() / 2 ** 20
  }

  /** In a branch: measurements made before it, and what was prepared, belong to the process that branched. */
  startAfresh(): void {
    for (const level of this.chain) {
      level.figures.startAfresh()
      level.failedTries = 0
      level.#overtaken.length = 0
      for (const step of level.#prepared.keys()) level.#inherited.add(step)
      level.isRolling = false
    }
  }

  toRecord(): CheckpointRecord {
    const { file, suite } = this.source
    const { setups, restores, branchBodies, plainBodies, timeline } = this.figures.fresh()
    const hasOnlyFailed = this.failedTries > 0 && plainBodies.length === 0
    return {
      file,
      suite,
      decision: restores.length > 0 ? 'rolled-back' : hasOnlyFailed ? 'failed' : 'plain',
      why: this.why,
      setupRuns: setups.length,
      setupMs: setups.length > 0 ? median(setups) : 0,
      takeMs: this.takeMs,
      warmups: this.warmups,
      restores: restores.length,
      restoreMs: restores,
      bodyMs: branchBodies,
      plainBodyMs: plainBodies,
      tests: this.tests,
      residentMb: this.residentMb,
      ...(this.objects !== null && { objects: this.objects }),
      worker: workerPid(),
      timeline,
    }
  }

  /** Forgets what is prepared; the teardowns that this process has to run. */
  #releaseTeardowns(): OwnTeardown[] {
    const teardowns: OwnTeardown[] = []
    for (const [step, result] of this.#prepared) {
      const isOwn = !this.#inherited.delete(step)
      if (isOwn && 'teardown' in result && result.teardown)
        teardowns.push({ kind: step.kind, teardown: result.teardown })
    }
    this.#prepared.clear()
    return teardowns
  }

  /** The whole chain as it would take in one go, from the steps' own times. */
  private chainMs(): number {
    let sum = 0
    for (const level of this.chain) for (const result of level.#prepared.values()) sum += result.ms
    return sum
  }
}

/** Of the process that the runner has started: this one, or the first of those it branched from. */
function workerPid(): number {
  const [first = process.pid] = sharedState().pids
  return first
}
