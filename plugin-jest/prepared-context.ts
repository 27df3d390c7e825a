import {
  enterRealm,
  findBoundary,
  HeapEngine,
  leaveRealm,
  loadTransformNow,
  type Realm,
  type RootStore,
  Scripts,
  sharedState,
} from 'forkpoint/adapter'
import type { RuntimeGlobals } from './circus.ts'
import type { Environment, EnvironmentConfig } from './environment-class.ts'
import { restoreCoverage } from './exposed-coverage.ts'
import { ExposedSources, FOREIGN } from './exposed-sources.ts'
import { findFakeTimers, realTimers } from './fake-timers.ts'
import { JestModuleRegistry } from './jest-module-registry.ts'
import { type JestRuntime, whenRuntime } from './jest-runtime.ts'
import { RUNNER_CODE } from './runner-code.ts'
import { isRunnerGlobal } from './runner-globals.ts'
import { shareState } from './share-state.ts'
import { watchTransforms } from './watch-transforms.ts'

/** For the audit: one for each process, as what is loaded before the first test file is none of the user's. */
let scripts: Scripts | null = null

/**
 * The context of one test file, prepared for the heap engine before any code of the user's runs in it: its built-ins are known
 * and watched, and the modules that it loads are exposed.
 */
export class PreparedContext {
  readonly #environment: Environment
  readonly #root: string
  readonly #realm: Realm
  readonly #boundary: Set<object>
  readonly #sources: ExposedSources
  readonly #isAudited: boolean
  #runtime: JestRuntime | null = null
  /** Those of graceful-fs, which Jest loads into the context. */
  #folder: Pick<NodeJS.Process, 'cwd' | 'chdir'> = process

  constructor(environment: Environment, { projectConfig }: EnvironmentConfig, isAudited: boolean) {
    const { global } = environment
    const { rootDir, cacheDirectory } = projectConfig
    this.#environment = environment
    if (isAudited) scripts ??= Scripts.besidesThoseOf(path => RUNNER_CODE.test(path))
    this.#isAudited = isAudited
    this.#root = rootDir
    this.#realm = enterRealm(global)
    this.#sources = new ExposedSources(loadTransformNow(), rootDir, cacheDirectory)
    shareState(global)
    const state = sharedState()
    state.boundary ??= findBoundary()
    this.#boundary = new Set([...state.boundary, ...findBoundary(this.#realm)])
    whenRuntime(environment, runtime => {
      this.#runtime = runtime
      watchTransforms(runtime, this.#sources)
    })
  }

  /** All that Jest puts into the context is there. Call it before test files are loaded. */
  noteGlobals(globals: RuntimeGlobals, console: object): void {
    for (const given of [...Object.values(globals), console]) addWithProperties(given, this.#boundary)
    const { cwd, chdir } = this.#environment.global.process
    this.#folder = { cwd, chdir }
    if (this.#runtime !== null) restoreCoverage(this.#runtime, this.#sources)
  }

  makeEngine(): HeapEngine {
    const environment = this.#environment
    const runtime = this.#runtime
    if (runtime === null) throw new TypeError('a test file without a runtime')
    return new HeapEngine({
      realm: this.#realm,
      boundary: this.#boundary,
      folder: this.#folder,
      modules: new JestModuleRegistry(runtime, this.#root),
      ofRunner: [realTimers(environment), mocksOf(environment)],
      findObstacles: () => findFakeTimers(environment),
      isRunnerGlobal,
      obstacle: null,
      audit: this.#isAudited && scripts !== null ? { scripts, foreign: FOREIGN } : null,
    })
  }

  /** The file has ended. */
  release(): void {
    leaveRealm()
  }
}

/** What mocks were called with and are set to, and the spies that are to be restored: all of it in one object. */
function mocksOf(environment: Environment): RootStore {
  const { moduleMocker } = environment as { moduleMocker?: object }
  return { visit: visit => visit(moduleMocker), restore: () => 0 }
}

/** With their own properties, and those of these: `test.concurrent.only.each`. */
function addWithProperties(value: unknown, to: Set<object>, depth = 3): void {
  if (!((typeof value === 'object' && value !== null) || typeof value === 'function')) return
  to.add(value)
  if (depth === 0) return
  for (const { value: inner } of Object.values(Object.getOwnPropertyDescriptors(value)))
    addWithProperties(inner, to, depth - 1)
}
