import {
  gatherHeap,
  type HeapEngine,
  type HostGuard,
  importEagerly,
  type Mount,
  type ProcessWatch,
  type Refusal,
  watchCalls,
  watchProcess,
} from 'forkpoint/adapter'
import { TestRunner } from 'vitest'
import { findEnvironmentObstacle } from './find-environment-obstacle.ts'
import { HookMarks } from './hook-marks.ts'
import { isFile, type Suite, type Test, type TestFile } from './internals.ts'
import type { Rollback } from './rollback.ts'
import type { VitestPart } from './rollback-parts.ts'
import { SetupHost } from './setup-host.ts'
import { tellImports } from './tell-imports.ts'
import { TestSilence } from './test-silence.ts'
import { isGuarding, readOptions, type WorkerOptions } from './worker-options.ts'

const loadRollback = (): Promise<typeof import('./rollback.ts')> =>
  importEagerly(() => import('./rollback.ts'))

/**
 * The runner that Vitest loads in each worker. It hands Vitest's events to a `Rollback`, once a file has something to roll
 * back; until then that is not even loaded, and Vitest runs as without forkpoint.
 */
export default class ForkpointRunner extends TestRunner {
  readonly #given: WorkerOptions = readOptions()
  readonly #watch: ProcessWatch = watchProcess()
  readonly #marks = new HookMarks()
  readonly #host = new SetupHost(this.#marks)
  readonly #silence = new TestSilence(this.#given.options.timeout)
  #rollback: Rollback | null = null
  /** Made before any test file is read. */
  #heap: HeapEngine | null = null
  #heapObstacle: Refusal | null = null
  /** With `fs: 'memory'`: what stands over the real disk while a file's code runs. */
  #mount: Mount | null = null
  #guard: HostGuard | null = null
  /** With `hoist` most files need it: it is loaded while the main process transforms the first one. */
  readonly #loading = this.#given.options.hoist ? loadRollback() : null

  readonly #vitest: VitestPart = {
    beforeSuite: suite => super.onBeforeRunSuite(suite),
    afterSuite: suite => super.onAfterRunSuite(suite),
    beforeTask: test => super.onBeforeRunTask(test),
    beforeTry: test => super.onBeforeTryTask(test),
    afterTry: test => super.onAfterTryTask(test),
    afterTask: test => super.onAfterRunTask(test),
    cancel: reason => super.cancel(reason),
  }

  async onBeforeCollect(): Promise<void> {
    if (isGuarding(this.#given)) watchCalls()
    if (this.#given.options.fs === 'memory') {
      const { mountDisk } = await import('./mount-disk.ts')
      this.#mount = mountDisk()
    }
    this.#heapObstacle = this.#given.heapObstacle ?? findEnvironmentObstacle()
    if (this.#heapObstacle !== null) return
    const { makeHeapEngine } = await import('./make-heap-engine.ts')
    this.#heap = await makeHeapEngine(this.#given.options.audit)
  }

  override onCollectStart(file: TestFile): void {
    if (this.#given.options.scope === 'all') gatherHeap()
    this.#mount?.disk.clear()
    this.#mount?.activate()
    this.#host.startCollecting()
    super.onCollectStart(file)
  }

  async onCollected([file]: TestFile[]): Promise<void> {
    this.#host.stopCollecting()
    // A file that could not be read has no hooks.
    const isAsked = !this.#marks.isEmpty || this.#given.options.scope === 'all'
    if (file === undefined || file.result?.state === 'fail' || !isAsked) return
    if (isGuarding(this.#given)) {
      const { watchHostCalls } = await importEagerly(() => import('./watch-host-calls.ts'))
      this.#guard = watchHostCalls(this.#given, this.config.root)
    }
    const parts = {
      runner: this,
      config: this.config,
      vitest: this.#vitest,
      ...this.#given,
      marks: this.#marks,
      watch: this.#watch,
      heap: this.#heap,
      heapObstacle: this.#heapObstacle,
      disk: this.#mount?.disk ?? null,
      guard: this.#guard,
    }
    this.#rollback ??= new (await (this.#loading ?? loadRollback())).Rollback(parts)
    this.#rollback.openFile(file)
  }

  override onBeforeRunSuite(suite: Suite): Promise<void> {
    return this.#rollback?.beforeSuite(suite) ?? super.onBeforeRunSuite(suite)
  }

  override onAfterRunSuite(suite: Suite): Promise<void> {
    if (isFile(suite)) tellImports(suite)
    return this.#rollback?.afterSuite(suite) ?? super.onAfterRunSuite(suite)
  }

  override onBeforeRunTask(test: Test): Promise<void> {
    return this.#rollback?.beforeTask(test) ?? super.onBeforeRunTask(test)
  }

  override onBeforeTryTask(test: Test): void {
    this.#silence.begin(test)
    if (this.#rollback) this.#rollback.beforeTry(test)
    else super.onBeforeTryTask(test)
  }

  override onAfterTryTask(test: Test): void {
    if (this.#rollback) this.#rollback.afterTry(test)
    else super.onAfterTryTask(test)
  }

  override onAfterRunTask(test: Test): Promise<void> | void {
    this.#silence.end(test)
    return this.#rollback ? this.#rollback.afterTask(test) : super.onAfterRunTask(test)
  }

  override cancel(reason: Parameters<TestRunner['cancel']>[0]): void {
    if (this.#rollback) this.#rollback.cancel(reason)
    else super.cancel(reason)
  }
}
