import {
  type Attempt,
  chooseEngine,
  type Desk,
  type EngineChoice,
  type FileRecord,
  type Finding,
  type ForkEngine,
  type HeapEngine,
  type HostGuard,
  type Level,
  type MemoryDisk,
  type Refusal,
  type ResolvedOptions,
  type Session,
  type SuitePlan,
  startSession,
  type TestOutcome,
} from 'forkpoint/adapter'
import type { SerializedConfig } from 'vitest'
import { clearMocks } from './clear-mocks.ts'
import type { HookMarks } from './hook-marks.ts'
import {
  type AroundHook,
  hooksOf,
  isSuite,
  parentOf,
  type Suite,
  type Task,
  type Test,
  type TestFile,
} from './internals.ts'
import { type FixtureName, hasAutomaticFixtures, ScopedFixtures } from './scoped-fixtures.ts'
import { type FilePlan, placeOf, planFile } from './suite-plan.ts'

/** The heap engine in a worker that was not prepared for it. */
interface Unprepared {
  name: 'heap'
  refuse(): Refusal | null
}

export interface ActiveFileParts {
  config: SerializedConfig
  options: ResolvedOptions
  engine: ForkEngine
  heap: HeapEngine | null
  heapObstacle: Refusal | null
  disk: MemoryDisk | null
  guard: HostGuard | null
  marks: HookMarks
  /** Stands around each try of each test, before all other hooks. */
  around: AroundHook
  beforeBranch(isStill: boolean): Promise<void>
  /** Where tests that run beside one another ask. */
  desk: Desk
  /** How a branch asks for a fixture; null where it is made in place. */
  asker(): ((fixture: FixtureName) => Promise<never>) | null
  /** All tests of a suite with a level have been dealt with; its `afterAll` hooks come next. */
  onTestsDone(): void
}

/** A file that has something to roll back: its plan, its session, and the tries that are under way. */
export class ActiveFile {
  readonly plan: FilePlan
  readonly session: Session
  readonly fixtures: ScopedFixtures
  /** By the test's id. */
  readonly attempts: Map<string, Attempt>
  readonly #file: TestFile
  readonly #choice: EngineChoice<ForkEngine | HeapEngine | Unprepared>
  readonly #removeHooks: Array<() => void> = []
  readonly #hasDisk: boolean
  readonly #guard: HostGuard | null
  readonly #verify: number
  /** Tries of which the `beforeEach` hooks have run. */
  readonly #begun = new WeakSet<Attempt>()
  /** How many tests of each level have been picked. */
  readonly #verified = new Map<Level, number>()
  /** By the test's id. */
  readonly #findings = new Map<string, readonly Finding[]>()
  #isRetired = false

  private constructor(
    file: TestFile,
    plan: FilePlan,
    attempts: Map<string, Attempt>,
    parts: ActiveFileParts,
  ) {
    const { config, options, around, asker } = parts
    this.#file = file
    this.#hasDisk = parts.disk !== null
    this.#guard = parts.guard
    this.#verify = options.verify
    this.plan = plan
    this.attempts = attempts
    const heap = parts.heap ?? { name: 'heap' as const, refuse: () => parts.heapObstacle }
    this.#choice = chooseEngine<ForkEngine | HeapEngine | Unprepared>(options.engine, [parts.engine, heap])
    const { chosen } = this.#choice
    const { disk, guard, beforeBranch, desk } = parts
    this.session = startSession(chosen !== null && 'noteRestore' in chosen ? chosen : null, {
      options,
      beforeSteps: () => clearMocks(config),
      beforeBranch,
      disk,
      guard,
      desk,
      root: config.root,
    })
    this.fixtures = new ScopedFixtures(file, asker)
    this.#insert(hooksOf(file).aroundEach, around, 'first')
    this.#watchRounds(file)
    const { hooks } = config.sequence
    for (const [suite, { own }] of plan.suites) {
      if (own === null) continue
      const end = (): Promise<void> => {
        parts.onTestsDone()
        return this.#endLevel(own)
      }
      // First of the `afterAll` hooks to run: 'stack' runs the last one first.
      this.#insert(hooksOf(suite).afterAll, end, hooks === 'stack' ? 'last' : 'first')
    }
  }

  /** Before all other `beforeEach` hooks, where there are some: runners of properties call them once more for each run. */
  #watchRounds(suite: Suite): void {
    const { beforeEach } = hooksOf(suite)
    if (beforeEach.length > 0) this.#insert(beforeEach, this.#beginRound, 'first')
    else for (const task of suite.tasks) if (isSuite(task)) this.#watchRounds(task)
  }

  /** The first round of a try is that of Vitest. */
  readonly #beginRound = async ({ task }: { task: Test }): Promise<void> => {
    const attempt = this.attempts.get(task.id)
    if (attempt === undefined) return
    if (this.#begun.has(attempt)) await this.session.startRound(attempt, !task.concurrent)
    this.#begun.add(attempt)
  }

  #insert(list: unknown[], hook: unknown, place: 'first' | 'last'): void {
    if (place === 'first') list.unshift(hook)
    else list.push(hook)
    this.#removeHooks.push(() => list.splice(list.indexOf(hook), 1))
  }

  /** Null for a file in which nothing can be rolled back: Vitest has it to itself. */
  static activate(file: TestFile, parts: ActiveFileParts): ActiveFile | null {
    const { hoist, scope } = parts.options
    const attempts = new Map<string, Attempt>()
    const plan = planFile(file, {
      marks: parts.marks,
      hoist,
      scope,
      hoistObstacle: findHoistObstacle(parts.config),
      deliver: (step, test) => attempts.get(test.id)?.deliver(step),
    })
    if (plan.isActive) return new ActiveFile(file, plan, attempts, parts)
    if (plan.notHoisted.length > 0) {
      const engine = { chosen: 'off' as const, why: 'nothing to roll back', refused: [] }
      leaveRecord(file, {
        file: file.filepath,
        engine,
        checkpoints: [],
        hoisted: 0,
        notHoisted: plan.notHoisted,
        findings: [],
      })
    }
    return null
  }

  /** Nothing more is rolled back: Vitest has the file to itself. */
  get isRetired(): boolean {
    return this.#isRetired
  }

  /** When all suites have turned out to be cheaper the plain way: takes forkpoint out of the tests that are left. */
  retireIfPlain(): void {
    // The disk is taken back even where nothing else is, and host calls fail every test.
    if (this.#hasDisk || this.#guard?.disk.isWhole || this.#guard?.isStrict) return
    if (!this.plan.isInOrder || !this.session.isAllPlain([...this.plan.levels.keys()])) return
    this.#isRetired = true
    for (const remove of this.#removeHooks.splice(0)) remove()
    this.plan.putHooksBack()
  }

  /** Whether a test that is rolled back is to be run twice: asked once for each. */
  isToVerify(level: Level, test: Test): boolean {
    const count = this.#verified.get(level) ?? 0
    if (count >= this.#verify || test.repeats || test.fails || test.concurrent) return false
    this.#verified.set(level, count + 1)
    return true
  }

  /** What the guard has found in the tries of a test. */
  noteFindings(test: Test, findings: readonly Finding[]): void {
    if (findings.length > 0) this.#findings.set(test.id, [...this.findingsOf(test), ...findings])
  }

  findingsOf(test: Test): readonly Finding[] {
    return this.#findings.get(test.id) ?? []
  }

  noteVerified(level: Level, test: Test, first: TestOutcome, second: TestOutcome): void {
    this.session.noteVerified(level, placeOf(test), first, second)
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
    leaveRecord(this.#file, {
      file: this.#file.filepath,
      engine: { chosen: chosen?.name ?? 'off', why, refused },
      checkpoints: this.session.takeRecords(),
      hoisted: this.plan.hoisted,
      notHoisted: this.plan.notHoisted,
      findings: this.session.takeFindings(),
      discarded: this.session.takeDiscarded(),
      ...(this.#guard && { undone: this.session.takeUndone(), rulesUsed: this.session.rulesUsed }),
    })
  }

  async #endLevel(level: Level): Promise<void> {
    const errors = await this.session.endSuite(level)
    if (errors.length > 1) throw new AggregateError(errors)
    if (errors.length === 1) throw errors[0]
  }
}

/** What keeps all hooks of a file from running ahead of their tests, or null. */
function findHoistObstacle(config: SerializedConfig): string | null {
  if (config.sequence.hooks === 'parallel') return "hooks run in parallel (`sequence.hooks: 'parallel'`)"
  if (hasAutomaticFixtures())
    return 'the file has automatic fixtures, which are made before the first hook runs'
  return null
}

/** For the main process, which gets it with the file's result. */
function leaveRecord(file: TestFile, record: FileRecord): void {
  Object.assign(file.meta, { forkpoint: record })
}
