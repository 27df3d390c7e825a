import {
  type Entry,
  ForkEngine,
  intrinsics,
  type Level,
  type ProcessWatch,
  type ResolvedOptions,
} from 'forkpoint/adapter'
import type { RunnerTaskEventPack, RunnerTaskResultPack, SerializedConfig, TestRunner } from 'vitest'
import { ActiveFile } from './active-file.ts'
import { keepMocks } from './clear-mocks.ts'
import type { HookMarks } from './hook-marks.ts'
import { Inside } from './inside.ts'
import {
  type AroundHook,
  isFile,
  isSuite,
  isToRun,
  parentOf,
  type Suite,
  type Task,
  type Test,
  type TestFile,
  workerState,
} from './internals.ts'
import { Lock } from './lock.ts'
import { Outside } from './outside.ts'
import type { PastTry } from './retry-replay.ts'
import { RpcCalls } from './rpc-calls.ts'
import { mergeProgress, type Progress, type Shipment } from './shipment.ts'
import { TaskUpdates } from './task-updates.ts'

const { dateNow, queueMicrotask } = intrinsics
const NEVER: Promise<never> = new Promise(() => {})

type CancelReason = Parameters<TestRunner['cancel']>[0]

/** Vitest's own part of what the runner does at each event. */
export interface VitestPart {
  beforeSuite(suite: Suite): Promise<void>
  afterSuite(suite: Suite): Promise<void>
  beforeTask(test: Test): Promise<void>
  beforeTry(test: Test): void
  afterTry(test: Test): void
  afterTask(test: Test): void
  cancel(reason: CancelReason): void
}

/** Methods that Vitest replaces on the runner's instance: these go through its own part, the class's methods do not. */
interface Patched {
  runTask?: (test: Test) => unknown
  onTaskUpdate?: (packs: RunnerTaskResultPack[], events: RunnerTaskEventPack[]) => Promise<void>
  onAfterRunTask(test: Test): Promise<void> | void
  onAfterRunFiles(files: Array<{ name: string }>): Promise<void>
}

export interface RollbackParts {
  runner: object
  config: SerializedConfig
  vitest: VitestPart
  options: ResolvedOptions
  marks: HookMarks
  watch: ProcessWatch
}

/**
 * Turns Vitest's events into the session's verbs, in a worker whose files have something to roll back. A task that runs in
 * a branch is, for the Vitest of this process, a skipped one whose result came from elsewhere.
 */
export class Rollback {
  readonly #parts: RollbackParts
  readonly #engine: ForkEngine
  readonly #patched: Patched
  readonly #rpc = new RpcCalls()
  readonly #updates = new TaskUpdates()
  readonly #outside: Outside
  /** Tests of suites with a level that run in this process now. */
  readonly #running = new Set<Test>()
  #file: ActiveFile | null = null
  #inside: Inside | null = null
  #lock = new Lock()
  #cancelled: string | null = null

  constructor(parts: RollbackParts) {
    this.#parts = parts
    this.#engine = ForkEngine.create(parts.watch)
    this.#patched = parts.runner as Patched
    this.#outside = new Outside(parts.runner, this.#rpc, this.#updates)
    const { onTaskUpdate } = this.#patched
    if (onTaskUpdate) this.#patched.onTaskUpdate = this.#updates.wrap(onTaskUpdate.bind(parts.runner))
  }

  openFile(file: TestFile): void {
    const { config, options, marks } = this.#parts
    this.#file = ActiveFile.activate(file, {
      config,
      options,
      marks,
      engine: this.#engine,
      around: this.#around,
      beforeBranch: () => this.#rpc.settle(),
      onTestsDone: () => this.#outside.undoPassing(),
      asker: () => {
        const inside = this.#inside
        return inside === null || isSuite(inside.task) ? null : fixture => inside.askFor(fixture)
      },
    })
  }

  // ---- Suites

  async beforeSuite(suite: Suite): Promise<void> {
    if (this.#hasGonePast(suite)) return this.#inside?.end()
    await this.#parts.vitest.beforeSuite(suite)
    const file = this.#file
    const plan = file?.planOf(suite)
    if (file === null || plan === undefined || file.isRetired || !isToRun(suite)) return
    const release = await this.#lock.acquire()
    const startTime = dateNow()
    const isAtEdge = plan.around !== null && file.plan.levels.get(plan.around) === parentOf(suite)
    let entry = await file.session.enterSuite(plan.around, plan, isAtEdge)
    if (entry?.of === 'rest' && plan.around !== null) {
      if (this.#placeRest(file, plan.around, suite, entry, startTime)) {
        entry = await file.session.enterSuite(plan.around, plan, isAtEdge)
      }
    }
    if (entry?.side === 'inside') {
      this.#goInside(suite, entry)
    } else {
      if (entry?.of === 'suite') this.#settle(suite, entry, startTime, null)
      release()
    }
    if (entry?.side !== 'outside') {
      if (plan.hasHooksBefore && plan.around) file.session.invalidate(plan.around)
      return
    }
    if (entry.of === 'rest') return
    // Vitest passes over the suite in one go as soon as this returns, and right after that looks at its result: the second
    // microtask from here comes in between.
    queueMicrotask(() => queueMicrotask(() => this.#outside.undoPassing()))
  }

  async afterSuite(suite: Suite): Promise<void> {
    if (this.#hasGonePast(suite)) return this.#inside?.end()
    const isOwn = this.#inside?.task === suite
    if (isFile(suite)) this.#outside.undoPassing()
    if (isOwn) {
      await this.#endLevels(suite)
      return this.#inside?.end()
    }
    if (isFile(suite)) await this.#file?.end()
    await this.#parts.vitest.afterSuite(suite)
  }

  // ---- Tests

  async beforeTask(test: Test): Promise<void> {
    if (this.#hasGonePast(test)) return this.#inside?.end()
    if (this.#inside !== null && !isSuite(this.#inside.task)) return NEVER
    await this.#parts.vitest.beforeTask(test)
    const file = this.#file
    if (file === null || file.isRetired || !isToRun(test)) return
    const level = file.planOf(test)?.level
    if (!level) return
    const release = await this.#lock.acquire()
    // While it waited the rest of its suite may have run in a branch.
    const isInside = isToRun(test) && (await this.#place(file, test, level))
    if (!isInside) release()
  }

  /** Runs the test in branches until it has ended, or leaves it to this process. True: this process is the branch. */
  async #place(file: ActiveFile, test: Test, level: Level): Promise<boolean> {
    const { session, fixtures } = file
    for (const other of this.#running) if (other.result?.state !== 'run') this.#running.delete(other)
    const isTimed = Number.isFinite(test.timeout) && test.timeout > 0
    const silenceMs = isTimed ? test.timeout + this.#parts.options.timeout : 0
    const startTime = dateNow()
    let tries: PastTry[] = []
    let progress: Progress | null = null
    let isAnnounced = false
    const isAtEdge = file.plan.levels.get(level) === parentOf(test)
    const circumstances = { isAlone: this.#running.size === 0, isAtEdge, deadlineMs: silenceMs }
    let entry = await session.enterTest(level, circumstances)
    if (entry?.of === 'rest') {
      if (!this.#placeRest(file, level, test, entry, startTime)) return false
      entry = await session.enterTest(level, circumstances)
    }
    while (entry?.side === 'outside') {
      const shipment = entry.outcome.kind === 'value' ? (entry.outcome.value as Shipment) : null
      if (shipment === null || shipment.kind === 'done') {
        this.#settle(test, entry, startTime, progress)
        await this.#patched.onAfterRunTask(test)
        return false
      }
      if (shipment.hasSentInherited) this.#updates.forgetWaiting()
      if (shipment.kind === 'next-try') {
        tries = shipment.tries
        progress = mergeProgress(progress, shipment)
      } else if (!(await canMake(() => fixtures.make(shipment.fixture)))) {
        entry = null
        break
      }
      if (shipment.kind === 'fixture') isAnnounced ||= shipment.isBegun && shipment.events.length === 0
      entry = await session.enterAgain(level, silenceMs)
    }
    if (entry === null) {
      this.#running.add(test)
      return false
    }
    const inside = this.#goInside(test, entry)
    if (progress !== null) {
      const replay = inside.continueAfter(tries, progress, this.#around)
      this.#patched.runTask = () => replay.endTry()
    } else if (isAnnounced) {
      this.#updates.dropRepeated(test.id, 'test-prepare', 1)
    }
    return true
  }

  /** The rest of a level's suite, from `first` on, runs in a branch. True: this process is the branch. */
  #placeRest(file: ActiveFile, level: Level, first: Task, entry: Entry, startTime: number): boolean {
    const suite = file.plan.levels.get(level)
    if (suite === undefined) throw new TypeError('a level without a suite')
    if (entry.side === 'inside') this.#goInside(suite, entry)
    else this.#cancelIf(this.#outside.settleRest(suite, first, entry.outcome, startTime))
    return entry.side === 'inside'
  }

  /** Stands around each try of each test of an active file, before all other hooks. */
  readonly #around: AroundHook = async (run, { task: test }) => {
    const file = this.#file
    const level = file?.planOf(test)?.level
    if (!level || file === null) return run()
    const replay = this.#inside?.replay
    if (replay) {
      await run()
      if (!replay.isOver) return
      replay.giveHooksBack()
      delete this.#patched.runTask
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
      if (this.#inside === null) file.retireIfPlain()
    }
  }

  beforeTry(test: Test): void {
    if (this.#inside?.replay) return
    const { config, vitest } = this.#parts
    const isBuilt = this.#file?.attempts.get(test.id)?.isBuilt ?? false
    if (isBuilt) keepMocks(config, () => vitest.beforeTry(test))
    else vitest.beforeTry(test)
  }

  afterTry(test: Test): void {
    if (!this.#inside?.replay) this.#parts.vitest.afterTry(test)
  }

  afterTask(test: Test): Promise<void> | void {
    this.#parts.vitest.afterTask(test)
    this.#running.delete(test)
    if (this.#inside?.task === test) return this.#inside.end()
  }

  cancel(reason: CancelReason): void {
    this.#cancelled = reason
    this.#parts.vitest.cancel(reason)
  }

  // ---- Branches

  /** In a branch for a test: Vitest went on to `next` without a word, because the test was skipped from inside. */
  #hasGonePast(next: Task): boolean {
    const task = this.#inside?.task
    return task !== undefined && task !== next && !isSuite(task) && task.result?.state === 'skip'
  }

  #goInside(task: Task, entry: Entry & { side: 'inside' }): Inside {
    const { runner, config } = this.#parts
    this.#lock = new Lock()
    this.#running.clear()
    // The process that branched counts failed tests, once it has the result.
    if (!isSuite(task)) config.bail = 0
    const host = {
      runner,
      rpc: this.#rpc,
      updates: this.#updates,
      // The main process keeps coverage by the names of the files it is for, and of one name the last.
      reportCoverage: config.coverage?.enabled
        ? (branch: string) =>
            this.#patched.onAfterRunFiles([{ name: task.file.name }, { name: `forkpoint:${branch}` }])
        : null,
      cancelled: () => this.#cancelled,
    }
    this.#inside = new Inside(task, entry, host, () => this.#endLevels(task))
    return this.#inside
  }

  /** At the end of a branch for a suite: the teardowns of all that was built in it. */
  async #endLevels(task: Task): Promise<void> {
    this.#outside.undoPassing()
    if (isSuite(task)) await this.#file?.endLevels(this.#file.planOf(task)?.level ?? null)
  }

  #settle(
    task: Task,
    { outcome }: Entry & { side: 'outside' },
    startTime: number,
    progress: Progress | null,
  ): void {
    this.#cancelIf(this.#outside.settle(task, outcome, startTime, progress))
    // Where Vitest stands once it has left the task.
    workerState().current = parentOf(task) ?? undefined
  }

  #cancelIf(reason: string | null): void {
    if (reason !== null) this.cancel(reason as CancelReason)
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
