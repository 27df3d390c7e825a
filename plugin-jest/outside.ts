import { describeDeath, intrinsics, type Outcome } from 'forkpoint/adapter'
import { type Block, blocksOf, type CircusState, type Hook, type Test } from './circus.ts'
import type { SharedLists, Shipment } from './inside.ts'
import { type TestResult, unpackErrors, unpackFigures, unpackRejections } from './test-result.ts'
import { unpackError } from './unpack-error.ts'
import { WorkerChannel } from './worker-channel.ts'

type Stub = Pick<Test, 'fn' | 'failing' | 'concurrent'>

const nothing = (): void => {}

/** circus' global variable for the number of retries. */
const RETRY_TIMES = Symbol.for('RETRY_TIMES')

/**
 * The outside of branches: has circus go through what ran in a branch without running it, and makes each test what it has
 * become there. circus reads a test's function, and the hooks of a block, after it has told that it is about to run them.
 */
export class Outside {
  readonly #global: typeof globalThis
  readonly #state: CircusState
  readonly #lists: SharedLists
  /** Tests that ran in a branch, and how they ended. */
  readonly #results = new Map<Test, TestResult>()
  /** Of these the errors have been handed over before they begin. */
  readonly #prefilled = new Set<Test>()
  /** Jest's main process has heard of these from their branch. */
  readonly #told = new Set<Test>()
  readonly #stubs = new Map<Test, Stub>()
  readonly #hooks = new Map<Block, Hook[]>()
  /** Errors that circus would retry a test for, though its branch has. */
  readonly #late: Array<() => void> = []

  constructor(global: typeof globalThis, state: CircusState, lists: SharedLists) {
    this.#global = global
    this.#state = state
    this.#lists = lists
  }

  /** Whether it ran in a branch as part of a suite. */
  isSettled(at: Test | Block): boolean {
    return at.type === 'test' ? this.#results.has(at) : this.#hooks.has(at)
  }

  /** Whether Jest's main process has heard of it. */
  isTold(test: Test): boolean {
    return this.#told.has(test)
  }

  /** They are run once more. */
  forget(tests: Iterable<Test>): void {
    for (const test of tests) this.#told.delete(test)
  }

  /** A test ran in a branch of its own, and circus has come to it. */
  settleTest(test: Test, outcome: Outcome): void {
    this.#take([test], outcome, test, false)
    this.stub(test)
  }

  /** A suite ran in a branch, and circus has come to it. */
  settleBlock(block: Block, tests: readonly Test[], outcome: Outcome): void {
    this.#take(tests, outcome, block, true)
    for (const test of tests) this.#prefill(test)
    this.#dropHooks(block)
  }

  /** The rest of a suite ran in a branch, from `first` on, to which circus has come. */
  settleRest(first: Test | Block, blocks: readonly Block[], tests: readonly Test[], outcome: Outcome): void {
    this.#take(tests, outcome, first, true)
    for (const test of tests) if (test !== first) this.#prefill(test)
    for (const block of blocks) this.#dropHooks(block)
    if (first.type === 'describeBlock') return
    const result = this.#results.get(first)
    const retryTimes = Number((this.#global as unknown as Record<symbol, unknown>)[RETRY_TIMES]) || 0
    if (result !== undefined && result.errors.length > 0 && retryTimes > 0) {
      this.#results.set(first, { ...result, errors: [], retryReasons: [] })
      this.#late.push(() => unpackErrors(first, result, this.#unpack))
    }
    this.stub(first)
  }

  /** Has circus pass over a test. */
  stub(test: Test): void {
    const { fn, failing, concurrent } = test
    this.#stubs.set(test, { fn, failing, concurrent })
    // A concurrent test has no hooks.
    Object.assign(test, { fn: nothing, failing: false, concurrent: true })
  }

  /** circus has passed over a test. False: it was not told to. */
  endStub(test: Test): boolean {
    const stub = this.#stubs.get(test)
    if (stub === undefined) return false
    this.#stubs.delete(test)
    Object.assign(test, stub)
    const result = this.#results.get(test)
    this.#results.delete(test)
    if (result === undefined) return true
    if (!this.#prefilled.delete(test)) unpackErrors(test, result, this.#unpack)
    unpackFigures(test, result)
    unpackRejections(test, result, this.#state, this.#unpack)
    return true
  }

  /** circus has left a block whose hooks were taken away. False: they were not. */
  giveHooksBack(block: Block): boolean {
    const hooks = this.#hooks.get(block)
    if (hooks === undefined) return false
    block.hooks = hooks
    return this.#hooks.delete(block)
  }

  /** circus retries no test of the suite any more. */
  addLateErrors(): void {
    for (const add of this.#late.splice(0)) add()
  }

  readonly #unpack = (error: Parameters<typeof unpackError>[0]): unknown =>
    unpackError(error, this.#global, this.#lists.errors)

  #take(tests: readonly Test[], outcome: Outcome, of: Test | Block, isSuite: boolean): void {
    if (outcome.kind !== 'value') {
      for (const test of tests) this.#results.set(test, failedResult(test, outcome, of))
      return
    }
    const { shipment } = outcome.value as { shipment: Shipment }
    for (const [index, result] of shipment.results) {
      const test = this.#lists.tests[index]
      if (test !== undefined) this.#results.set(test, result)
    }
    // Of a test alone this process tells.
    if (isSuite) for (const test of tests) this.#told.add(test)
    WorkerChannel.get().say(shipment.messages)
    shipment.changes.forEach((changes, index) => {
      this.#lists.parts[index]?.apply(changes)
    })
  }

  #prefill(test: Test): void {
    const result = this.#results.get(test)
    if (result === undefined) return
    unpackErrors(test, result, this.#unpack)
    this.#prefilled.add(test)
  }

  #dropHooks(outermost: Block): void {
    for (const block of blocksOf(outermost)) {
      this.#hooks.set(block, block.hooks)
      block.hooks = []
    }
  }
}

/** Of a test whose branch, or that of a suite around it, has brought no result. */
function failedResult(
  { invocations, startedAt = null }: Test,
  outcome: Exclude<Outcome, { kind: 'value' }>,
  of: Test | Block,
): TestResult {
  const message = describeDeath(of.type === 'test' ? 'test' : 'suite', outcome)
  const place = of.type === 'test' ? String(of.asyncError.stack).replace(/^[^\n]*/, '') : ''
  return {
    errors: [
      {
        kind: 'error',
        native: 'Error',
        className: 'Error',
        name: 'ForkpointError',
        stack: `ForkpointError: ${message}${place}`,
        fields: [['message', { kind: 'primitive', value: message }, false]],
      },
    ],
    retryReasons: [],
    rejections: [],
    invocations: Math.max(1, invocations),
    startedAt,
    duration: startedAt === null ? null : intrinsics.dateNow() - startedAt,
    numPassingAsserts: 0,
  }
}
