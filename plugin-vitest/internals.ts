/**
 * Every private field of Vitest that forkpoint touches outside a file of its own (rpc-calls, task-updates,
 * saved-values, scoped-fixtures), with the versions it was seen in. Checked on 4.1.12 and 5.1.1.
 */
import { ForkpointError } from 'forkpoint'
import { type RunnerTestCase, type RunnerTestFile, type RunnerTestSuite, TestRunner } from 'vitest'

export type Test = RunnerTestCase
export type Suite = RunnerTestSuite | RunnerTestFile
export type TestFile = RunnerTestFile
export type Task = Test | Suite

/** A registered hook: Vitest's wrapper around the user's function. */
export type Hook = (...args: never[]) => unknown
export type AroundHook = (run: () => Promise<void>, context: { task: Test }) => Promise<void>

export interface SuiteHooks {
  beforeAll: Hook[]
  afterAll: Hook[]
  beforeEach: Hook[]
  afterEach: Hook[]
  aroundEach: (Hook | AroundHook)[]
  aroundAll: Hook[]
}

type RpcMethod = ((...args: unknown[]) => unknown) & { asEvent?: (...args: unknown[]) => unknown }
export type Rpc = Record<string, RpcMethod>

interface WorkerState {
  rpc: Rpc
  current: Task | undefined
  providedContext: Record<string, unknown>
  /** Of the file at hand: `node`, `jsdom`. */
  environment?: { name?: string }
}

/** The record of the worker that Vitest keeps on the global; all its users read `rpc` from it at call time. */
export function workerState(): WorkerState {
  const holder: { __vitest_worker__?: WorkerState } = globalThis as never
  if (holder.__vitest_worker__ === undefined) throw missing('globalThis.__vitest_worker__')
  return holder.__vitest_worker__
}

/** The live lists: what is pushed to them runs. */
export function hooksOf(suite: Suite): SuiteHooks {
  const hooks = TestRunner.getSuiteHooks(suite as never) as unknown as SuiteHooks | undefined
  if (hooks?.beforeEach === undefined || hooks.aroundEach === undefined)
    throw missing('TestRunner.getSuiteHooks()')
  return hooks
}

/** Calls `see` with the next `beforeEach` hook that is registered for the suite being collected, if that is the next hook. */
export function watchNextHook(see: (hook: Hook) => void): void {
  const collector = TestRunner.getCurrentSuite() as unknown as { on?(name: string, ...hooks: Hook[]): void }
  const { on } = collector
  if (on === undefined) throw missing('TestRunner.getCurrentSuite().on')
  collector.on = (name, ...hooks) => {
    collector.on = on
    if (name === 'beforeEach') hooks.forEach(see)
    return on(name, ...hooks)
  }
}

export function isTestRunning(): boolean {
  return TestRunner.getCurrentTest() !== undefined
}

export function isSuite(task: Task): task is Suite {
  return task.type === 'suite'
}

/** A file is its own file. */
export function isFile(suite: Suite): suite is TestFile {
  return suite.file === suite
}

/** The enclosing suite; null for a file. */
export function parentOf(task: Task): Suite | null {
  if (isSuite(task) && isFile(task)) return null
  return task.suite ?? task.file
}

/** Whether Vitest would run it: not skipped, not left out by a filter. */
export function isToRun(task: Task): boolean {
  return task.mode === 'run' || task.mode === 'queued'
}

export function* tasksBelow(suite: Suite): Generator<Task> {
  for (const task of suite.tasks) {
    yield task
    if (isSuite(task)) yield* tasksBelow(task)
  }
}

/** @param what the private part that is not where it was in every version seen so far */
export function missing(what: string): ForkpointError {
  return new ForkpointError(
    'ERR_FORKPOINT_CONFIG',
    `This version of Vitest keeps its state differently: ${what} is missing. ` +
      "Set `engine: 'off'` in the options of forkpoint/vitest, and report it with the version of Vitest.",
  )
}
