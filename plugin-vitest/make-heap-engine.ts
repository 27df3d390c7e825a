import { findBoundary, HeapEngine, type Refusal, type RootStore } from 'forkpoint/adapter'
import { findFakeTimers, realTimers } from './fake-timers.ts'
import { findMockState, type MockState } from './mock-state.ts'
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

/** Call it before user code runs: what stands in global variables then is not the state of a test. */
export function makeHeapEngine(obstacle: Refusal | null): HeapEngine {
  let found: MockState | null = null
  // Looked for when there is a checkpoint to be taken: it takes some milliseconds.
  const mocks = (): MockState => {
    found ??= findMockState()
    return found
  }
  const lists: RootStore = { visit: visit => mocks().lists.visit(visit), restore: () => 0 }
  return new HeapEngine({
    boundary: findBoundary(),
    modules: new VitestModules(),
    ofRunner: [realTimers, lists],
    edgesOf: object => mocks().edgesOf(object),
    findObstacles: findFakeTimers,
    isRunnerGlobal: key => RUNNER_GLOBALS.has(key),
    obstacle,
  })
}
