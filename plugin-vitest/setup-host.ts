import { ForkpointError, gatherHeap, sharedState } from 'forkpoint/adapter'
import { beforeEach, onTestFinished } from 'vitest'
import type { HookMark, HookMarks } from './hook-marks.ts'
import { isTestRunning, watchNextHook } from './internals.ts'

/** Under this name the transformed source finds the function that marks the hook it is about to register. */
export const MARK_KEY: unique symbol = Symbol.for('forkpoint.vitest.mark') as never

/** Lets `setup()` and the marks of the transform reach the suite that is being collected. */
export class SetupHost {
  readonly #marks: HookMarks
  #isCollecting = false

  constructor(marks: HookMarks) {
    this.#marks = marks
    sharedState().host = this
    const holder: { [MARK_KEY]?: (why: string | null) => void } = globalThis as never
    holder[MARK_KEY] = why => {
      if (this.#isCollecting) this.#markNext(why === null ? { kind: 'hoistable' } : { kind: 'blocked', why })
    }
  }

  startCollecting(): void {
    this.#isCollecting = true
    // Without isolation one process reads many files, and a callback is of the file that it was given in, as what is left out.
    const { callbacks, excluded } = sharedState()
    callbacks.before.length = callbacks.after.length = 0
    excluded.clear()
  }

  stopCollecting(): void {
    this.#isCollecting = false
  }

  registerSetup(fn: () => unknown, timeout?: number): void {
    if (!this.#isCollecting) {
      const where = isTestRunning()
        ? 'inside a test or a hook around it'
        : 'after the suite was read, in a hook or in code that a hook has started'
      throw new ForkpointError(
        'ERR_FORKPOINT_PLACE',
        `Failed to register a setup: \`setup()\` was called ${where}. ` +
          'Call it at the top level of a test file or in a `describe`, beside `beforeEach`.',
      )
    }
    this.#markNext({ kind: 'setup' })
    beforeEach(() => fn() as never, timeout)
  }

  registerUndo(undo: () => unknown): void {
    if (!isTestRunning()) {
      throw new ForkpointError(
        'ERR_FORKPOINT_PLACE',
        'Failed to register an undo: `onRollback()` was called outside a test. ' +
          'Call it in a test or in a `beforeEach` hook; what a setup does, the function that it returns takes back.',
      )
    }
    onTestFinished(() => undo() as never)
  }

  isInTest(): boolean {
    return isTestRunning()
  }

  #markNext(mark: HookMark): void {
    gatherHeap()
    watchNextHook(hook => this.#marks.set(hook, mark))
  }
}
