import { findBoundary, HeapEngine, type Refusal } from 'forkpoint/adapter'
import { findFakeTimers, realTimers } from './fake-timers.ts'
import { findMockState } from './mock-state.ts'
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
  const mocks = findMockState()
  return new HeapEngine({
    boundary: findBoundary(),
    modules: new VitestModules(),
    ofRunner: [realTimers, mocks.lists],
    edgesOf: mocks.edgesOf,
    findObstacles: findFakeTimers,
    isRunnerGlobal: key => RUNNER_GLOBALS.has(key),
    obstacle,
  })
}
