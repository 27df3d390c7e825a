import { type Entry, ForkEngine, intrinsics, type Level, type ResolvedOptions } from 'forkpoint/adapter'
import { type RunnerTaskEventPack, type RunnerTaskResultPack, TestRunner } from 'vitest'
import { ActiveFile } from './active-file.ts'
import { keepMocks } from './clear-mocks.ts'
import { HookMarks } from './hook-marks.ts'
import { Inside } from './inside.ts'
import {
  type AroundHook,
  isFile,
  isSuite,
  isToRun,
  type Suite,
  type Task,
  type Test,
  type TestFile,
} from './internals.ts'
import { Lock } from './lock.ts'
import { Outside } from './outside.ts'
import type { PastTry } from './retry-replay.ts'
import { RpcCalls } from './rpc-calls.ts'
import { SetupHost } from './setup-host.ts'
import { mergeProgress, type Progress, type Shipment } from './shipment.ts'
import { TaskUpdates } from './task-updates.ts'
import { readOptions } from './worker-options.ts'

const { dateNow, queueMicrotask } = intrinsics
const NEVER: Promise<never> = new Promise(() => {})

/** Methods that Vitest replaces on the instance: these go through its own part, the class's methods do not. */
interface Patched {
  onTaskUpdate?: (packs: RunnerTaskResultPack[], events: RunnerTaskEventPack[]) => Promise<void>
  onAfterRunTask(test: Test): Promise<void> | void
  onAfterRunFiles(files: Array<{ name: string }>): Promise<void>
}

/** What this worker needs once there is something to roll back. */
interface Branching {
  rpc: RpcCalls
  updates: TaskUpdates
  outside: Outside
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
  /** Tests of suites with a level that run in this process now. */
  readonly #running = new Set<Test>()
  #file: ActiveFile | null = null
  #branching: Branching | null = null
  #inside: Inside | null = null
  #lock = new Lock()
  #cancelled: string | null = null

  get #patched(): Patched {
    return this as unknown as Patched
  }

  // ---- Collection

  override onCollectStart(file: TestFile): void {
    this.#host.startCollecting()
    super.onCollectStart(file)
  }

  onCollected(files: TestFile[]): void {
    this.#host.stopCollecting()
    const [file] = files
    if (file === undefined) return
    this.#file = ActiveFile.activate(file, {
      config: this.config,
      options: this.#options,
      engine: this.#engine,
      marks: this.#marks,
      around: this.#around,
      beforeBranch: async () => this.#branching?.rpc.settle(),
      asker: () => {
        const inside = this.#inside
        return inside === null || isSuite(inside.task) ? null : fixture => inside.askFor(fixture)
      },
    })
  }

  onBeforeRunFiles(): void {
    if (this.#file === null || this.#branching !== null) return
    const rpc = new RpcCalls()
    const updates = new TaskUpdates()
    this.#branching = { rpc, updates, outside: new Outside(this, rpc, updates) }
    const { onTaskUpdate } = this.#patched
    if (onTaskUpdate) this.#patched.onTaskUpdate = updates.wrap(onTaskUpdate.bind(this))
  }

  // ---- Suites

  override async onBeforeRunSuite(suite: Suite): Promise<void> {
    if (this.#hasGonePast(suite)) return this.#inside?.end()
    await super.onBeforeRunSuite(suite)
    const file = this.#file
    const plan = file?.planOf(suite)
    if (file === null || plan === undefined || !isToRun(suite)) return
    const release = await this.#lock.acquire()
    const startTime = dateNow()
    const entry = await file.session.enterSuite(plan.around, plan.isStateful)
    if (entry?.side === 'inside') {
      this.#goInside(suite, entry)
    } else {
      if (entry !== null) this.#settle(suite, entry.outcome, startTime, null)
      release()
    }
    if (entry?.side !== 'outside') {
      if (plan.hasHooksBefore && plan.around) file.session.invalidate(plan.around)
      return
    }
    // Vitest passes over the suite in one go as soon as this returns, and right after that looks at its result: the second
    // microtask from here comes in between.
    queueMicrotask(() => queueMicrotask(() => this.#branching?.outside.undoPassing()))
  }

  override async onAfterRunSuite(suite: Suite): Promise<void> {
    if (this.#hasGonePast(suite)) return this.#inside?.end()
    const isOwn = this.#inside?.task === suite
    if (isFile(suite) || isOwn) this.#branching?.outside.undoPassing()
    if (isOwn) {
      await this.#file?.endLevels(this.#file.planOf(suite)?.level ?? null)
      return this.#inside?.end()
    }
    if (isFile(suite)) await this.#file?.end()
    await super.onAfterRunSuite(suite)
  }

  // ---- Tests

  override async onBeforeRunTask(test: Test): Promise<void> {
    if (this.#hasGonePast(test)) return this.#inside?.end()
    if (this.#inside !== null && !isSuite(this.#inside.task)) return NEVER
    await super.onBeforeRunTask(test)
    const level = this.#file?.planOf(test)?.level
    if (!level || this.#file === null || !isToRun(test)) return
    const release = await this.#lock.acquire()
    const isInside = await this.#place(this.#file, test, level)
    if (!isInside) release()
  }

  /** Runs the test in branches until it has ended, or leaves it to this process. True: this process is the branch. */
  async #place({ session, fixtures }: ActiveFile, test: Test, level: Level): Promise<boolean> {
    for (const other of this.#running) if (other.result?.state !== 'run') this.#running.delete(other)
    const silenceMs =
      Number.isFinite(test.timeout) && test.timeout > 0 ? test.timeout + this.#options.timeout : 0
    const startTime = dateNow()
    let tries: PastTry[] = []
    let progress: Progress | null = null
    let entry = await session.enterTest(level, this.#running.size === 0, silenceMs)
    while (entry?.side === 'outside') {
      const shipment = entry.outcome.kind === 'value' ? (entry.outcome.value as Shipment) : null
      if (shipment === null || shipment.kind === 'done') {
        this.#settle(test, entry.outcome, startTime, progress)
        await this.#patched.onAfterRunTask(test)
        return false
      }
      if (shipment.kind === 'next-try') {
        tries = shipment.tries
        progress = mergeProgress(progress, shipment)
      } else if (!(await canMake(() => fixtures.make(shipment.fixture)))) {
        entry = null
        break
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

  readonly #around: AroundHook = async (run, { task: test }) => {
    const file = this.#file
    const level = file?.planOf(test)?.level
    if (!level || file === null) return run()
    const replay = this.#inside?.replay
    if (replay) {
      await run()
      if (!replay.isOver) return
      replay.giveHooksBack()
      Reflect.deleteProperty(this, 'runTask')
      return
    }
    if (this.#inside?.task === test) await this.#inside.beginTry(test)
    const attempt = await file.session.startTry(level)
    file.attempts.set(test.id, attempt)
    try {
      await run()
    } finally {
      attempt.end()
      file.attempts.delete(test.id)
    }
  }

  override onBeforeTryTask(test: Test): void {
    if (this.#inside?.replay) return
    const isBuilt = this.#file?.attempts.get(test.id)?.isBuilt ?? false
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

  /** In a branch for a test: Vitest went on to `next` without a word, because the test was skipped from inside. */
  #hasGonePast(next: Task): boolean {
    const task = this.#inside?.task
    return task !== undefined && task !== next && !isSuite(task) && task.result?.state === 'skip'
  }

  #goInside(task: Task, entry: Entry & { side: 'inside' }): Inside {
    if (this.#branching === null) throw new TypeError('a branch before the run began')
    this.#lock = new Lock()
    this.#running.clear()
    // The process that branched counts failed tests, once it has the result.
    if (!isSuite(task)) this.config.bail = 0
    this.#inside = new Inside(task, entry, {
      runner: this,
      ...this.#branching,
      // The main process keeps coverage by the names of the files it is for, and of one name the last.
      reportCoverage: this.config.coverage?.enabled
        ? branch => this.#patched.onAfterRunFiles([{ name: task.file.name }, { name: `forkpoint:${branch}` }])
        : null,
      cancelled: () => this.#cancelled,
    })
    return this.#inside
  }

  #settle(
    task: Task,
    outcome: (Entry & { side: 'outside' })['outcome'],
    startTime: number,
    progress: Progress | null,
  ): void {
    const cancelled = this.#branching?.outside.settle(task, outcome, startTime, progress) ?? null
    if (cancelled !== null) this.cancel(cancelled as Parameters<TestRunner['cancel']>[0])
  }
}

/** A test whose fixture can't be made runs in this process, makes it once more, and reports the error as its own. */
async function canMake(make: () => Promise<void>): Promise<boolean> {
  try {
    await make()
    return true
  } catch {
    return false
  }
}
