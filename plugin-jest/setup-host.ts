import { ForkpointError, gatherHeap, sharedState } from 'forkpoint/adapter'
import { callHook } from './call-hook.ts'
import type { CircusState, Hook, RuntimeGlobals, Test } from './circus.ts'
import type { HookMark } from './hook-marks.ts'
import { shareState } from './share-state.ts'

/** Lets `setup()` reach the block of the test file that is being read. */
export class SetupHost {
  readonly marks: Map<Hook, HookMark> = new Map()
  readonly #state: CircusState
  readonly #globals: RuntimeGlobals
  readonly #undos = new Map<Test, Array<() => unknown>>()
  #isMarking = false

  /** @param global of the context that tests run in */
  constructor(state: CircusState, globals: RuntimeGlobals, global: object) {
    this.#state = state
    this.#globals = globals
    const shared = sharedState()
    shared.host = this
    // A worker runs many files, and a callback is of the file that it was given in.
    shared.callbacks.before.length = shared.callbacks.after.length = 0
    shareState(global)
  }

  registerSetup(fn: () => unknown, timeout?: number): void {
    const { hasStarted, currentlyRunningTest } = this.#state
    if (hasStarted) {
      const where =
        currentlyRunningTest === null
          ? 'after the suite was read, in a hook or in code that a hook has started'
          : 'inside a test or a hook around it'
      throw new ForkpointError(
        'ERR_FORKPOINT_PLACE',
        `Failed to register a setup: \`setup()\` was called ${where}. ` +
          'Call it at the top level of a test file or in a `describe`, beside `beforeEach`.',
      )
    }
    gatherHeap()
    this.#isMarking = true
    try {
      this.#globals.beforeEach(() => fn(), timeout)
    } finally {
      this.#isMarking = false
    }
  }

  registerUndo(undo: () => unknown): void {
    const { currentlyRunningTest: test } = this.#state
    if (test === null) {
      throw new ForkpointError(
        'ERR_FORKPOINT_PLACE',
        'Failed to register an undo: `onRollback()` was called outside a test. ' +
          'Call it in a test or in a `beforeEach` hook; what a setup does, the function that it returns takes back.',
      )
    }
    this.#undos.set(test, [...(this.#undos.get(test) ?? []), undo])
  }

  isInTest(): boolean {
    return this.#state.currentlyRunningTest !== null
  }

  hasUndos(test: Test): boolean {
    return this.#undos.has(test)
  }

  /** The test has ended, its hooks included: the newest first, all of them, whatever some throw. */
  async runUndos(test: Test): Promise<void> {
    const undos = this.#undos.get(test) ?? []
    this.#undos.delete(test)
    for (const undo of undos.reverse()) {
      try {
        await callHook(() => undo(), test.timeout || this.#state.testTimeout)
      } catch (error) {
        test.errors.push([error, test.asyncError])
      }
    }
  }

  /** A hook has been registered. */
  noteHook(hook: Hook | undefined): void {
    if (this.#isMarking && hook !== undefined) this.marks.set(hook, { kind: 'setup' })
  }
}
