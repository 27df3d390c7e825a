import {
  type Attempt,
  chooseEngine,
  type EngineChoice,
  type Entry,
  ForkEngine,
  intrinsics,
  type Level,
  type Outcome,
  type ResolvedOptions,
  Session,
} from 'forkpoint/adapter'
import {
  type RunnerTaskEventPack,
  type RunnerTaskResult,
  type RunnerTaskResultPack,
  TestRunner,
} from 'vitest'
import { clearMocks, keepMocks } from './clear-mocks.ts'
import { failBranch } from './failed-branch.ts'
import { HookMarks } from './hook-marks.ts'
import { Inside } from './inside.ts'
import {
  type AroundHook,
  hooksOf,
  isFile,
  isSuite,
  isToRun,
  parentOf,
  type Suite,
  type Task,
  type Test,
  type TestFile,
} from './internals.ts'
import { Lock } from './lock.ts'
import type { PastTry } from './retry-replay.ts'
import { RpcCalls } from './rpc-calls.ts'
import { ScopedFixtures } from './scoped-fixtures.ts'
import { SetupHost } from './setup-host.ts'
import { type Progress, packResults, type Shipment, unpackTasks } from './shipment.ts'
import { applySnapshotChanges, snapshotStateOf } from './snapshot-changes.ts'
import { type FilePlan, planFile } from './suite-plan.ts'
import { TaskUpdates } from './task-updates.ts'
import { readOptions } from './worker-options.ts'

const { dateNow, queueMicrotask } = intrinsics
const NEVER: Promise<never> = new Promise(() => {})

type Updates = (packs: RunnerTaskResultPack[], events: RunnerTaskEventPack[]) => Promise<void>

/** Everything of one file whose suites have something to roll back. */
interface ActiveFile {
  plan: FilePlan
  session: Session
  choice: EngineChoice
  fixtures: ScopedFixtures
}

/**
 * Translates Vitest's events into the session's verbs. A task that runs in a branch is, for the Vitest of this process, a
 * skipped one whose result came from elsewhere; a file without setups is left to Vitest altogether.
 */
export default class ForkpointRunner extends TestRunner {
  readonly #options: ResolvedOptions = readOptions()
  readonly #engine = new ForkEngine()
  readonly #marks = new HookMarks()
  readonly #host = new SetupHost(this.#marks)
  readonly #attempts = new Map<string, Attempt>()
  readonly #running = new Set<Test>()
  #file: ActiveFile | null = null
  #updates: TaskUpdates | null = null
  #rpc: RpcCalls | null = null
  #inside: Inside | null = null
  #lock = new Lock()
  #cancelled: string | null = null
  /** Puts back what made Vitest pass over a task that ran in a branch. */
  readonly #putBack: Array<() => void> = []

  // ---- Collection

  override onCollectStart(file: TestFile): void {
    this.#host.startCollecting()
    super.onCollectStart(file)
  }

  onCollected(files: TestFile[]): void {
    this.#host.stopCollecting()
    const [file] = files
    // A file that could not be read has no hooks.
    this.#file = file === undefined || file.result?.state === 'fail' ? null : this.#activate(file)
  }

  #activate(file: TestFile): ActiveFile | null {
    const { config } = this
    const { hoist, scope, engine, warmup } = this.#options
    const plan = planFile(file, {
      marks: this.#marks,
      hoist,
      scope,
      areHooksParallel: config.sequence.hooks === 'parallel',
      deliver: (step, test) => this.#attempts.get(test.id)?.deliver(step),
    })
    if (!plan.isActive) return null
    const choice = chooseEngine(engine, [this.#engine])
    const session = new Session({
      engine: choice.chosen,
      // A test run the plain way leaves its state to the next one, and under `scope: 'all'` nothing rebuilds it.
      warmup: scope === 'all' && warmup === 'auto' ? 0 : warmup,
      beforeSteps: () => clearMocks(config),
      beforeBranch: async () => this.#rpc?.settle(),
    })
    const fixtures = new ScopedFixtures(file, () => {
      const inside = this.#inside
      return inside === null || isSuite(inside.task) ? null : fixture => inside.askFor(fixture)
    })
    hooksOf(file).aroundEach.unshift(this.#around)
    const hooksRunInOrder = config.sequence.hooks === 'list' || config.sequence.hooks === 'parallel'
    for (const [suite, { own }] of plan.suites) {
      if (own === null) continue
      const { afterAll } = hooksOf(suite)
      const end = (): Promise<void> => this.#endLevel(session, own)
      if (hooksRunInOrder) afterAll.unshift(end)
      else afterAll.push(end)
    }
    return { plan, session, choice, fixtures }
  }

  onBeforeRunFiles(): void {
    if (this.#file === null || this.#updates !== null) return
    this.#rpc = new RpcCalls()
    this.#updates = new TaskUpdates()
    const patched: { onTaskUpdate?: Updates } = this as never
    if (patched.onTaskUpdate) patched.onTaskUpdate = this.#updates.wrap(patched.onTaskUpdate.bind(this))
  }

  // ---- Suites

  override async onBeforeRunSuite(suite: Suite): Promise<void> {
    if (this.#endsInside(suite)) return this.#inside?.end()
    await super.onBeforeRunSuite(suite)
    const active = this.#file
    const plan = active?.plan.suites.get(suite)
    if (active === null || plan === undefined || !isToRun(suite)) return
    const release = await this.#lock.acquire()
    const startTime = dateNow()
    const entry = await active.session.enterSuite(plan.around, plan.isStateful)
    if (entry?.side === 'inside') this.#goInside(suite, entry)
    else if (entry?.side === 'outside') this.#settle(suite, entry.outcome, startTime)
    if (entry?.side !== 'outside' && plan.hasHooksBefore && plan.around)
      active.session.invalidate(plan.around)
    if (entry?.side !== 'inside') release()
    // Vitest passes over the suite in one go as soon as this returns, and right after that looks at its result: the second
    // microtask from here comes in between.
    if (entry?.side === 'outside') queueMicrotask(() => queueMicrotask(() => this.#undoPassing()))
  }

  override async onAfterRunSuite(suite: Suite): Promise<void> {
    if (this.#endsInside(suite)) return this.#inside?.end()
    const active = this.#file
    if (isFile(suite) || this.#inside?.task === suite) this.#undoPassing()
    if (active !== null && this.#inside?.task === suite) {
      for (
        let level = active.plan.suites.get(suite)?.level ?? null;
        level !== null;
        level = level.source.parent
      ) {
        await active.session.endSuite(level)
      }
      return this.#inside.end()
    }
    if (active !== null && isFile(suite)) await this.#endFile(active, suite)
    await super.onAfterRunSuite(suite)
  }

  async #endFile({ plan, session, choice, fixtures }: ActiveFile, file: TestFile): Promise<void> {
    await fixtures.tearDown()
    const { chosen, why, refused } = choice
    const record = {
      file: file.filepath,
      engine: { chosen: chosen?.name ?? 'off', why, refused },
      checkpoints: session.takeRecords(),
      hoisted: plan.hoisted,
      notHoisted: plan.notHoisted,
      findings: session.takeFindings(),
    }
    Object.assign(file.meta, { forkpoint: record })
  }

  async #endLevel(session: Session, level: Level): Promise<void> {
    const errors = await session.endSuite(level)
    if (errors.length > 1) throw new AggregateError(errors)
    if (errors.length === 1) throw errors[0]
  }

  // ---- Tests

  override async onBeforeRunTask(test: Test): Promise<void> {
    if (this.#endsInside(test)) return this.#inside?.end()
    if (this.#inside !== null && !isSuite(this.#inside.task)) return NEVER
    await super.onBeforeRunTask(test)
    const suite = parentOf(test)
    const level = suite && this.#file?.plan.suites.get(suite)?.level
    if (!level || this.#file === null || !isToRun(test)) return
    const release = await this.#lock.acquire()
    const isInside = await this.#place(this.#file, test, level)
    if (!isInside) release()
  }

  /** Runs the test in branches until it has ended, or leaves it to this process. True: this process is the branch. */
  async #place({ session, fixtures }: ActiveFile, test: Test, level: Level): Promise<boolean> {
    for (const other of this.#running) if (other.result?.state !== 'run') this.#running.delete(other)
    const silenceMs =
      test.timeout > 0 && test.timeout < Number.POSITIVE_INFINITY ? test.timeout + this.#options.timeout : 0
    const startTime = dateNow()
    let tries: PastTry[] = []
    let progress: Progress | null = null
    let entry = await session.enterTest(level, this.#running.size === 0, silenceMs)
    while (entry?.side === 'outside') {
      const shipment = entry.outcome.kind === 'value' ? (entry.outcome.value as Shipment) : null
      if (shipment === null || shipment.kind === 'done') {
        this.#settle(test, entry.outcome, startTime, progress)
        // The patched one, which counts failed tests for `bail`.
        await (this as { onAfterRunTask(test: Test): Promise<void> | void }).onAfterRunTask(test)
        return false
      }
      if (shipment.kind === 'next-try') {
        tries = shipment.tries
        progress = mergeProgress(progress, shipment)
      } else {
        try {
          await fixtures.make(shipment.fixture)
        } catch {
          // The test makes it once more, here, and reports the error as its own.
          entry = null
          break
        }
      }
      entry = await session.enterAgain(level, silenceMs)
    }
    if (entry === null) {
      this.#running.add(test)
      return false
    }
    const inside = this.#goInside(test, entry)
    if (progress !== null) {
      const replay = inside.continueAfter(tries, progress, this.#around)
      Object.assign(this, { runTask: () => replay.endTry() })
    }
    return true
  }

  /** Stands around each try of each test of the file, before all other hooks. */
  readonly #around: AroundHook = async (run, { task: test }) => {
    const suite = parentOf(test)
    const level = suite && this.#file?.plan.suites.get(suite)?.level
    if (!level || this.#file === null) return run()
    const replay = this.#inside?.replay
    if (replay) {
      await run()
      if (replay.isOver) {
        replay.giveHooksBack()
        Reflect.deleteProperty(this, 'runTask')
      }
      return
    }
    if (this.#inside?.task === test) await this.#inside.beginTry(test)
    const attempt = await this.#file.session.startTry(level)
    this.#attempts.set(test.id, attempt)
    try {
      await run()
    } finally {
      attempt.end()
      this.#attempts.delete(test.id)
    }
  }

  override onBeforeTryTask(test: Test): void {
    if (this.#inside?.replay) return
    const isBuilt = this.#attempts.get(test.id)?.isBuilt ?? false
    if (isBuilt) keepMocks(this.config, () => super.onBeforeTryTask(test))
    else super.onBeforeTryTask(test)
  }

  override onAfterTryTask(test: Test): void {
    if (!this.#inside?.replay) super.onAfterTryTask(test)
  }

  override onAfterRunTask(test: Test): Promise<void> | void {
    super.onAfterRunTask(test)
    this.#running.delete(test)
    if (this.#inside?.task === test) return this.#inside.end()
  }

  override cancel(reason: Parameters<TestRunner['cancel']>[0]): void {
    this.#cancelled = reason
    super.cancel(reason)
  }

  // ---- Branches

  /** Vitest has gone past the task that this process is a branch for: it was skipped from inside. */
  #endsInside(next: Task): boolean {
    const task = this.#inside?.task
    return task !== undefined && task !== next && !isSuite(task) && task.result?.state === 'skip'
  }

  #goInside(task: Task, entry: Entry & { side: 'inside' }): Inside {
    const updates = this.#updates
    const rpc = this.#rpc
    if (updates === null || rpc === null) throw new TypeError('a branch before the run began')
    this.#lock = new Lock()
    this.#running.clear()
    // The process that branched counts the failed tests, once it has the result.
    if (!isSuite(task)) this.config.bail = 0
    const patched: { onAfterRunFiles(files: Array<{ name: string }>): Promise<void> } = this as never
    const inside = new Inside(task, entry, {
      runner: this,
      rpc,
      updates,
      // Coverage is kept in the main process by the names of the files it is for, and the last one wins.
      reportCoverage: isCoverageOn(this.config)
        ? branch => patched.onAfterRunFiles([{ name: task.file.name }, { name: `forkpoint:${branch}` }])
        : null,
      cancelled: () => this.#cancelled,
    })
    this.#inside = inside
    return inside
  }

  /** Makes the task what it has become in its branch, and Vitest pass over it here. */
  #settle(task: Task, outcome: Outcome, startTime: number, progress: Progress | null = null): void {
    const shipment = outcome.kind === 'value' ? (outcome.value as Shipment) : null
    if (outcome.kind !== 'value') {
      this.#rpc?.disown()
      task.result = failBranch(task, outcome, startTime)
    }
    let events = progress?.events ?? []
    let isBegun = progress?.isBegun ?? false
    if (shipment?.kind === 'done') {
      unpackTasks(task, shipment.tasks)
      if (shipment.snapshots)
        applySnapshotChanges(snapshotStateOf(this, task.file.filepath), shipment.snapshots)
      if (shipment.cancelled !== null) this.cancel(shipment.cancelled as never)
      events = [...events, ...shipment.events]
      isBegun ||= shipment.isBegun
    }
    const result: RunnerTaskResult = task.result ?? { state: 'skip' }
    this.#updates?.settle(task.id, { packs: packResults(task), events, isBegun })
    const { mode } = task
    task.mode = 'skip'
    this.#putBack.push(() => {
      task.mode = mode
      task.result = result
    })
  }

  #undoPassing(): void {
    for (const undo of this.#putBack.splice(0)) undo()
  }
}

/** What the branches of a test's earlier tries have said, with what the next one adds. */
function mergeProgress(before: Progress | null, next: Progress): Progress {
  if (before === null) return next
  return {
    tasks: next.tasks,
    events: [...before.events, ...next.events],
    isBegun: before.isBegun || next.isBegun,
  }
}

function isCoverageOn({ coverage }: { coverage?: { enabled?: boolean } }): boolean {
  return coverage?.enabled === true
}
