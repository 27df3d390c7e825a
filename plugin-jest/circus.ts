import type { TestPlace } from 'forkpoint/adapter'

/**
 * What forkpoint reads and changes of jest-circus: the tree that a test file has registered, and the events of its run. The
 * same in 29.7 and 30, unless a comment says otherwise.
 */

export interface Hook {
  type: 'beforeAll' | 'afterAll' | 'beforeEach' | 'afterEach'
  fn: UserFunction
  parent: Block
  /** Where it was registered. */
  asyncError: Error
  timeout?: number | null
}

export interface Block {
  type: 'describeBlock'
  name: string
  mode?: Mode
  children: Array<Block | Test>
  hooks: Hook[]
  /** Missing in the root, which is the file. */
  parent?: Block
}

export interface Test {
  type: 'test'
  name: string
  mode?: Mode
  parent: Block
  fn: UserFunction
  asyncError: Error
  concurrent: boolean
  failing: boolean
  timeout?: number | null
  errors: unknown[]
  retryReasons: unknown[]
  invocations: number
  startedAt?: number | null
  duration?: number | null
  numPassingAsserts?: number
  /** Since 30.5. */
  unhandledRejectionErrorByPromise?: Map<Promise<unknown>, unknown>
}

type Mode = 'skip' | 'only' | 'todo' | null

export type UserFunction = (this: unknown, ...args: unknown[]) => unknown

export interface CircusState {
  rootDescribeBlock: Block
  currentDescribeBlock: Block
  currentlyRunningTest: Test | null
  hasFocusedTests: boolean
  hasStarted: boolean
  testNamePattern?: RegExp | null
  testTimeout: number
  unhandledErrors: unknown[]
  /** Blocks with a `jest.retryTimes()` of their own. Since 30.5. */
  describeRetryOptions?: WeakMap<object, unknown>
  /** Since 30.5. */
  unhandledRejectionErrorByPromiseTarget?: Map<Promise<unknown>, unknown>
}

/** Counters and the snapshots of the file at hand. */
export interface ExpectState {
  assertionCalls: number
  numPassingAsserts?: number
  isExpectingAssertions?: boolean
  suppressedErrors?: unknown[]
  snapshotState?: object
}

export interface RuntimeGlobals {
  beforeEach(fn: UserFunction, timeout?: number): void
  expect: {
    getState(): ExpectState
    setState(state: Partial<ExpectState>): void
    extractExpectedAssertionsErrors(): ReadonlyArray<{ error: unknown }>
  }
}

export type CircusEvent =
  | { name: 'setup'; runtimeGlobals: RuntimeGlobals }
  | { name: 'add_hook' | 'run_start' | 'run_finish' | 'teardown' }
  | { name: 'run_describe_start' | 'run_describe_finish' | 'describe_retry'; describeBlock: Block }
  | { name: 'concurrent_tests_end' }
  | { name: 'hook_start'; hook: Hook }
  | { name: 'test_started' | 'test_todo' | 'test_retry'; test: Test }
  | { name: 'test_done'; test: Test }

/** Whether circus will run it. */
export function isToRun(test: Test, state: CircusState): boolean {
  const { hasFocusedTests, testNamePattern } = state
  if (test.mode === 'skip' || test.mode === 'todo' || test.parent.mode === 'skip') return false
  if (hasFocusedTests && !test.mode) return false
  return testNamePattern?.test(namesOf(test).join(' ')) ?? true
}

/** The names of the suites around it, and its own; the root has none. */
export function namesOf(at: Block | Test): string[] {
  return at.parent === undefined ? [] : [...namesOf(at.parent), at.name]
}

export function placeOf(test: Test): TestPlace {
  return { suite: namesOf(test.parent).join(' > '), test: test.name }
}

/** All tests below it, in order. */
export function* testsBelow(block: Block): Generator<Test> {
  for (const child of block.children) {
    if (child.type === 'test') yield child
    else yield* testsBelow(child)
  }
}

/** A block, and all blocks below it. */
export function* blocksOf(block: Block): Generator<Block> {
  yield block
  for (const child of block.children) if (child.type === 'describeBlock') yield* blocksOf(child)
}

export function isWithin(at: Block | Test, block: Block): boolean {
  return at === block || (at.parent !== undefined && isWithin(at.parent, block))
}
