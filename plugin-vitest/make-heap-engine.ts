import {
  findBoundary,
  HeapEngine,
  loadTransform,
  type RootStore,
  Scripts,
  sharedState,
} from 'forkpoint/adapter'
import { findFakeTimers, realTimers } from './fake-timers.ts'
import { FOREIGN } from './foreign-names.ts'
import { findMockState, type MockState } from './mock-state.ts'
import { RUNNER_CODE } from './runner-code.ts'
import { VitestModules } from './vitest-modules.ts'

/** Global variables by which Vitest, and what measures coverage, keep what belongs to the run and not to a test. */
const RUNNER_GLOBALS: ReadonlySet<PropertyKey> = new Set<PropertyKey>([
  '__coverage__',
  '__VITEST_COVERAGE__',
  '__vitest_worker__',
  '__vitest_index__',
  '__vitest_required__',
  '__vitest_environment__',
  '__vitest_mocker__',
])

/** A worker without isolation runs many files: what the first of them left is no longer what was there before user code. */
let isPrepared = false

let scripts: Scripts | null = null

function findScripts(): Scripts {
  scripts ??= Scripts.besidesThoseOf(path => RUNNER_CODE.test(path))
  return scripts
}

/** Call it before user code runs: what stands in global variables then is not the state of a test. */
export async function makeHeapEngine(isAudited: boolean): Promise<HeapEngine> {
  const state = sharedState()
  state.boundary ??= findBoundary()
  if (!isPrepared) {
    isPrepared = true
    // Modules that Vitest leaves to Node.
    const { exposeModules } = await loadTransform()
    exposeModules(RUNNER_CODE)
  }
  let found: MockState | null = null
  // Looked for when there is a checkpoint to be taken: it takes some milliseconds.
  const mocks = (): MockState => {
    found ??= findMockState()
    return found
  }
  const lists: RootStore = { visit: visit => mocks().lists.visit(visit), restore: () => 0 }
  return new HeapEngine({
    boundary: state.boundary,
    modules: new VitestModules(),
    ofRunner: [realTimers, lists],
    edgesOf: object => mocks().edgesOf(object),
    findObstacles: findFakeTimers,
    watchDefined: () => mocks().watchSpies(),
    isRunnerGlobal: key => RUNNER_GLOBALS.has(key),
    obstacle: null,
    audit: isAudited ? { scripts: findScripts(), foreign: FOREIGN } : null,
  })
}
