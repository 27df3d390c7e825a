import {
  type Attempt,
  chooseEngine,
  type EngineChoice,
  type ForkEngine,
  type Level,
  type ResolvedOptions,
  Session,
} from 'forkpoint/adapter'
import type { SerializedConfig } from 'vitest'
import { clearMocks } from './clear-mocks.ts'
import type { HookMarks } from './hook-marks.ts'
import { type AroundHook, hooksOf, parentOf, type Task, type TestFile } from './internals.ts'
import { type FixtureName, ScopedFixtures } from './scoped-fixtures.ts'
import { type FilePlan, planFile, type SuitePlan } from './suite-plan.ts'

export interface ActiveFileParts {
  config: SerializedConfig
  options: ResolvedOptions
  engine: ForkEngine
  marks: HookMarks
  /** Stands around each try of each test, before all other hooks. */
  around: AroundHook
  beforeBranch(): Promise<void>
  /** How a branch asks for a fixture; null where it is made in place. */
  asker(): ((fixture: FixtureName) => Promise<never>) | null
}

/** A file that has something to roll back: its plan, its session, and the tries that are under way. */
export class ActiveFile {
  readonly plan: FilePlan
  readonly session: Session
  readonly fixtures: ScopedFixtures
  /** By the test's id. */
  readonly attempts: Map<string, Attempt>
  readonly #file: TestFile
  readonly #choice: EngineChoice

  private constructor(
    file: TestFile,
    plan: FilePlan,
    attempts: Map<string, Attempt>,
    parts: ActiveFileParts,
  ) {
    const { config, options, engine, around, beforeBranch, asker } = parts
    const { scope, warmup } = options
    this.#file = file
    this.plan = plan
    this.attempts = attempts
    this.#choice = chooseEngine(options.engine, [engine])
    this.session = new Session({
      engine: this.#choice.chosen,
      // A test run the plain way leaves its state to the next one, and under `scope: 'all'` nothing rebuilds it.
      warmup: scope === 'all' && warmup === 'auto' ? 0 : warmup,
      beforeSteps: () => clearMocks(config),
      beforeBranch,
    })
    this.fixtures = new ScopedFixtures(file, asker)
    hooksOf(file).aroundEach.unshift(around)
    const { hooks } = config.sequence
    for (const [suite, { own }] of plan.suites) {
      if (own === null) continue
      const end = (): Promise<void> => this.#endLevel(own)
      // First of the `afterAll` hooks to run: 'stack' runs the last one first.
      if (hooks === 'stack') hooksOf(suite).afterAll.push(end)
      else hooksOf(suite).afterAll.unshift(end)
    }
  }

  /** Null for a file in which nothing asks for forkpoint, and for one that could not be read: Vitest has it to itself. */
  static activate(file: TestFile, parts: ActiveFileParts): ActiveFile | null {
    if (file.result?.state === 'fail') return null
    const { hoist, scope } = parts.options
    const attempts = new Map<string, Attempt>()
    const plan = planFile(file, {
      marks: parts.marks,
      hoist,
      scope,
      areHooksParallel: parts.config.sequence.hooks === 'parallel',
      deliver: (step, test) => attempts.get(test.id)?.deliver(step),
    })
    return plan.isActive ? new ActiveFile(file, plan, attempts, parts) : null
  }

  planOf(task: Task): SuitePlan | undefined {
    const suite = task.type === 'suite' ? task : parentOf(task)
    return suite === null ? undefined : this.plan.suites.get(suite)
  }

  /** At the end of a branch for a suite: the teardowns of all that it has built. */
  async endLevels(innermost: Level | null): Promise<void> {
    for (let level = innermost; level !== null; level = level.source.parent)
      await this.session.endSuite(level)
  }

  /** Tears down what lived as long as the file, and leaves the record of the file for the main process. */
  async end(): Promise<void> {
    await this.fixtures.tearDown()
    const { chosen, why, refused } = this.#choice
    const record = {
      file: this.#file.filepath,
      engine: { chosen: chosen?.name ?? 'off', why, refused },
      checkpoints: this.session.takeRecords(),
      hoisted: this.plan.hoisted,
      notHoisted: this.plan.notHoisted,
      findings: this.session.takeFindings(),
    }
    Object.assign(this.#file.meta, { forkpoint: record })
  }

  async #endLevel(level: Level): Promise<void> {
    const errors = await this.session.endSuite(level)
    if (errors.length > 1) throw new AggregateError(errors)
    if (errors.length === 1) throw errors[0]
  }
}
