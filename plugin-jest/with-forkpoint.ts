import { gatherHeap, importEagerly, type ResolvedOptions, watchProcess } from 'forkpoint/adapter'
import { annotateSources } from './annotate-sources.ts'
import type { CircusEvent, CircusState, Hook, RuntimeGlobals, Test } from './circus.ts'
import type { EnvironmentClass, EnvironmentConfig, EnvironmentContext } from './environment-class.ts'
import { type FileDisk, openFileDisk } from './file-disk.ts'
import { tellRecord } from './file-record.ts'
import { findEnvironmentObstacle, isHeapNeeded } from './find-obstacle.ts'
import { insideTestCode } from './inside-test-code.ts'
import { watchRuntimes, whenRuntime } from './jest-runtime.ts'
import { allowNativeTransforms } from './native-transforms.ts'
import { PreparedContext } from './prepared-context.ts'
import { readOptions } from './read-options.ts'
import { resolveJestOptions } from './resolve-jest-options.ts'
import type { Rollback } from './rollback.ts'
import { SetupHost } from './setup-host.ts'
import { shareState } from './share-state.ts'
import { prepareGuard } from './watch-host-calls.ts'

const loadRollback = (): Promise<typeof import('./rollback.ts')> =>
  importEagerly(() => import('./rollback.ts'))

/**
 * An environment that rolls back, made of any other.
 *
 * @example
 * // my-environment.mjs, for `testEnvironment: './my-environment.mjs'`
 * import { withForkpoint } from 'forkpoint/jest'
 * import { TestEnvironment } from 'jest-environment-jsdom'
 * export default withForkpoint(TestEnvironment)
 */
export function withForkpoint<Given extends EnvironmentClass>(Base: Given): Given {
  // What user code has not yet touched is known only from here on.
  const watch = watchProcess()
  // Jest's own code, and what each test file has of it, is most of a small process. Elsewhere than in a worker: nothing.
  gatherHeap()
  watchRuntimes()
  class ForkpointEnvironment extends (Base as EnvironmentClass) {
    readonly #config: EnvironmentConfig
    readonly #context: EnvironmentContext
    readonly #options: ResolvedOptions
    /** With `fs: 'memory'`. */
    readonly #disk: FileDisk | null
    /** For the heap engine, where it may be chosen. */
    #prepared: PreparedContext | null = null
    #host: SetupHost | null = null
    #globals: RuntimeGlobals | null = null
    #ofJest: Hook | undefined
    #rollback: Rollback | null = null

    constructor(config: EnvironmentConfig, context: EnvironmentContext) {
      const { given, rest } = readOptions(config)
      const options = resolveJestOptions(given, process.env)
      // The context's `process` is a copy, made by the environment.
      const isGuarding = prepareGuard(options, config.globalConfig)
      super(rest, context)
      this.#config = config
      this.#context = context
      this.#options = options
      if (isGuarding) {
        // Of the setup files, too.
        shareState(this.global)
        whenRuntime(this, runtime => annotateSources(runtime, config.projectConfig.rootDir))
      }
      whenRuntime(this, runtime => allowNativeTransforms(runtime, watch, config.projectConfig))
      this.#disk = options.fs === 'memory' ? openFileDisk() : null
      if (isHeapNeeded(options.engine, config.globalConfig) && findEnvironmentObstacle(this) === null)
        this.#prepared = new PreparedContext(this, config, options.audit)
    }

    override async teardown(): Promise<void> {
      this.#disk?.close()
      await super.teardown()
      this.#prepared?.release()
      this.#prepared = null
    }

    /** circus does not wait for what is returned for an event of registration: that is dealt with at once. */
    override handleTestEvent(event: CircusEvent, state: CircusState): void | Promise<void> {
      const first = super.handleTestEvent?.(event, state)
      return first === undefined || event.name === 'add_hook'
        ? this.#handle(event, state)
        : first.then(() => this.#handle(event, state))
    }

    #handle(event: CircusEvent, state: CircusState): void | Promise<void> {
      switch (event.name) {
        case 'setup':
          this.#globals = event.runtimeGlobals
          this.#host = new SetupHost(state, event.runtimeGlobals, this.global)
          this.#prepared?.noteGlobals(event.runtimeGlobals, this.#context.console)
          return
        case 'add_hook':
          return this.#noteHook(state)
        case 'run_start':
          return this.#open(state)
        case 'run_finish':
          return this.#close()
        case 'test_done':
          return this.#endTest(event)
        default:
          return this.#rollback?.handle(event)
      }
    }

    async #endTest(event: CircusEvent & { name: 'test_done' }): Promise<void> {
      await this.#runUndos(event.test)
      await this.#rollback?.handle(event)
    }

    async #runUndos(test: Test): Promise<void> {
      const host = this.#host
      if (host?.hasUndos(test)) await insideTestCode(this, () => host.runUndos(test))
    }

    #noteHook(state: CircusState): void {
      const hook = state.currentDescribeBlock.hooks.at(-1)
      // Registered before all others, by Jest itself.
      if (this.#ofJest === undefined && hook?.type === 'beforeEach') this.#ofJest = hook
      this.#host?.noteHook(hook)
    }

    async #open(state: CircusState): Promise<void> {
      const [host, globals, options] = [this.#host, this.#globals, this.#options]
      if (host === null || globals === null) return
      const { hoist, scope } = options
      if (host.marks.size === 0 && !hoist && scope !== 'all') return
      if (scope === 'all') gatherHeap()
      const { Rollback } = await loadRollback()
      const opened = Rollback.open(
        {
          environment: this,
          console: this.#context.console,
          testPath: this.#context.testPath,
          options,
          globals,
          ofJest: this.#ofJest,
          marks: host.marks,
          watch,
          prepared: this.#prepared,
          run: this.#config.globalConfig,
          rootDir: this.#config.projectConfig.rootDir,
          testRunner: this.#config.projectConfig.testRunner,
          runUndos: test => this.#runUndos(test),
          disk: this.#disk?.disk ?? null,
        },
        state,
      )
      if (opened instanceof Rollback) this.#rollback = opened
      else if (opened !== null) tellRecord(opened, this.#config.projectConfig.runner)
    }

    #close(): void {
      const rollback = this.#rollback
      this.#rollback = null
      this.#disk?.close()
      if (rollback !== null) tellRecord(rollback.end(), this.#config.projectConfig.runner)
    }
  }
  return ForkpointEnvironment as EnvironmentClass as Given
}
