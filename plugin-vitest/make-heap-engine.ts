import {
  enterRealm,
  findBoundary,
  HeapEngine,
  type HeapEngineOptions,
  loadTransform,
  type RootStore,
  Scripts,
  sharedState,
} from 'forkpoint/adapter'
import { ContextModules } from './context-modules.ts'
import { exposeInContext } from './expose-in-context.ts'
import { findFakeTimers, realTimers } from './fake-timers.ts'
import { FOREIGN } from './foreign-names.ts'
import { findMockState, type MockState } from './mock-state.ts'
import { RUNNER_CODE } from './runner-code.ts'
import { VitestModules } from './vitest-modules.ts'
import { type ContextLoader, findContextLoader } from './vm-context.ts'

/** Global variables by which Vitest, and what measures coverage, keep what belongs to the run and not to a test. */
const RUNNER_GLOBALS: ReadonlySet<PropertyKey> = new Set<PropertyKey>([
  '__coverage__',
  '__VITEST_COVERAGE__',
  '__vitest_worker__',
  '__vitest_index__',
  '__vitest_required__',
  '__vitest_environment__',
  '__vitest_mocker__',
  '__vitest_vm_context__',
])

/** A worker without isolation runs many files: what the first of them left is no longer what was there before user code. */
let isPrepared = false

let scripts: Scripts | null = null

/** Call it before user code runs: what stands in global variables then is not the state of a test. */
export async function makeHeapEngine(isAudited: boolean): Promise<HeapEngine> {
  const loader = findContextLoader()
  const prepared = await (loader === null ? prepare() : prepareContext(loader))
  let found: MockState | null = null
  // Looked for when there is a checkpoint to be taken: it takes some milliseconds.
  const mocks = (): MockState => {
    found ??= findMockState()
    return found
  }
  const lists: RootStore = { visit: visit => mocks().lists.visit(visit), restore: () => 0 }
  if (isAudited) scripts ??= Scripts.besidesThoseOf(path => RUNNER_CODE.test(path))
  return new HeapEngine({
    ...prepared,
    ofRunner: [realTimers, lists],
    edgesOf: object => mocks().edgesOf(object),
    findObstacles: findFakeTimers,
    watchDefined: () => mocks().watchSpies(),
    isRunnerGlobal: key => RUNNER_GLOBALS.has(key),
    obstacle: null,
    audit: isAudited && scripts !== null ? { scripts, foreign: FOREIGN } : null,
  })
}

type Prepared = Pick<HeapEngineOptions, 'boundary' | 'modules' | 'realm'>

async function prepare(): Promise<Prepared> {
  const state = sharedState()
  state.boundary ??= findBoundary()
  if (!isPrepared) {
    isPrepared = true
    // Modules that Vitest leaves to Node.
    const { exposeModules } = await loadTransform()
    exposeModules(RUNNER_CODE)
  }
  return { boundary: state.boundary, modules: new VitestModules() }
}

/** A context has one test file, and its own built-ins. */
async function prepareContext(loader: ContextLoader): Promise<Prepared> {
  const state = sharedState()
  state.boundary ??= findBoundary()
  const realm = enterRealm(globalThis)
  exposeInContext(loader, await loadTransform())
  const boundary = new Set([...state.boundary, ...findBoundary(realm)])
  // All that is there by now is the runner's.
  for (const key of Reflect.ownKeys(globalThis)) {
    const { value } = Object.getOwnPropertyDescriptor(globalThis, key) ?? {}
    if (Object(value) === value) boundary.add(value)
  }
  return { boundary, modules: new VitestModules(new ContextModules(loader)), realm }
}
