import type { Attempt, Step, Teardown } from 'forkpoint/adapter'
import { callHook } from './call-hook.ts'
import type { CircusState, Hook, RuntimeGlobals, UserFunction } from './circus.ts'
import { countAssertions } from './count-assertions.ts'
import type { Environment } from './environment-class.ts'
import { insideTestCode } from './inside-test-code.ts'

/** Longer than any time-out of what is called in it. */
const NO_TIMEOUT = 2 ** 31 - 1

/** The steps of a file: how they run, what they do at their place in a test, and what is left to tear down after it. */
export class Steps {
  readonly #state: CircusState
  readonly #environment: Environment
  readonly #expect: RuntimeGlobals['expect']
  readonly #repeats = new Map<Step, () => void>()
  readonly #teardowns: Teardown[] = []
  /** Of the test that runs in this process. */
  attempt: Attempt | null = null

  constructor(state: CircusState, environment: Environment, expect: RuntimeGlobals['expect']) {
    this.#state = state
    this.#environment = environment
    this.#expect = expect
  }

  make(kind: Step['kind'], { fn, timeout }: Hook): Step {
    const call = (called: UserFunction): Promise<unknown> =>
      insideTestCode(this.#environment, () => callHook(called, timeout || this.#state.testTimeout))
    const { run, repeat } = countAssertions(this.#expect, () => call(fn))
    const step: Step = {
      kind,
      run,
      toTeardown: returned =>
        kind === 'setup' && typeof returned === 'function' ? () => call(returned as UserFunction) : undefined,
    }
    this.#repeats.set(step, repeat)
    return step
  }

  /** At the step's own place in the test. */
  async deliver(step: Step): Promise<void> {
    try {
      const teardown = await this.attempt?.deliver(step)
      if (teardown !== undefined) this.#teardowns.push(teardown)
    } finally {
      this.#repeats.get(step)?.()
    }
  }

  /** A hook that runs after all others of a test, if it is the last one of the outermost suite. */
  makeLastHook(parent: Hook['parent']): Hook {
    return {
      type: 'afterEach',
      fn: () => this.#runTeardowns(),
      parent,
      asyncError: new this.#environment.global.Error(),
      timeout: NO_TIMEOUT,
    }
  }

  /** Newest first, all of them, whatever some throw. */
  async #runTeardowns(): Promise<void> {
    const errors: unknown[] = []
    for (const teardown of this.#teardowns.splice(0).reverse()) {
      try {
        await teardown()
      } catch (error) {
        errors.push(error)
      }
    }
    if (errors.length > 1) throw new this.#environment.global.AggregateError(errors)
    if (errors.length === 1) throw errors[0]
  }
}
