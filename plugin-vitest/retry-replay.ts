import { hooksOf, parentOf, type Suite, type SuiteHooks, type Test } from './internals.ts'

/** How one try of a test ended. */
export interface PastTry {
  hasPassed: boolean
  /** Errors it added to the result. */
  errors: number
  /** The next try is a retry of the same repetition, and not the next repetition. */
  isRetried: boolean
}

type Retryable = Test & { fails?: boolean | undefined; runTask?: unknown }

/**
 * Brings Vitest's loop over the tries of a test to the try that a new branch is for: each try starts from the checkpoint,
 * so it has a branch of its own, and the loop's counters are local variables of Vitest's. The tries that have been are run
 * again without their hooks and their body, only to end as they did.
 */
export class RetryReplay {
  readonly #test: Retryable
  readonly #tries: readonly PastTry[]
  readonly #kept: Array<{
    hooks: SuiteHooks
    beforeEach: SuiteHooks['beforeEach']
    afterEach: SuiteHooks['afterEach']
    aroundEach: SuiteHooks['aroundEach']
  }> = []
  readonly #retry: Test['retry']
  readonly #fails: boolean | undefined
  #index = 0

  /** Takes away the hooks around the test but `own`, which drives the replay. */
  constructor(test: Test, tries: readonly PastTry[], own: unknown) {
    this.#test = test
    this.#tries = tries
    this.#retry = test.retry
    this.#fails = test.fails
    this.#test.fails = false
    const count = typeof test.retry === 'number' ? test.retry : (test.retry?.count ?? 0)
    this.#test.retry = { count, condition: () => this.#tries[this.#index - 1]?.isRetried ?? false }
    for (let suite: Suite | null = parentOf(test); suite !== null; suite = parentOf(suite)) {
      const hooks = hooksOf(suite)
      this.#kept.push({
        hooks,
        beforeEach: hooks.beforeEach.splice(0),
        afterEach: hooks.afterEach.splice(0),
        aroundEach: hooks.aroundEach.splice(0),
      })
      const driver = this.#kept.at(-1)?.aroundEach.filter(hook => hook === own) ?? []
      hooks.aroundEach.push(...driver)
    }
  }

  get isOver(): boolean {
    return this.#index >= this.#tries.length
  }

  /** Retries among the past tries: Vitest announces each of them once more. */
  get retries(): number {
    return this.#tries.filter(past => past.isRetried).length
  }

  /** In place of the test's body: ends the try as it had ended. */
  endTry(): void {
    const past = this.#tries[this.#index]
    this.#index++
    if (past === undefined || past.hasPassed) return
    // As many errors as it had: Vitest 5 remembers where each try's errors begin.
    throw Array.from({ length: Math.max(1, past.errors) }, () => new Error('replayed'))
  }

  /** After the last past try: the loop looks at the hooks before the next one begins. */
  giveHooksBack(): void {
    for (const { hooks, beforeEach, afterEach, aroundEach } of this.#kept.splice(0)) {
      hooks.beforeEach.push(...beforeEach)
      hooks.afterEach.push(...afterEach)
      hooks.aroundEach.splice(0, hooks.aroundEach.length, ...aroundEach)
    }
  }

  /** When the live try begins. */
  giveOptionsBack(): void {
    this.#test.retry = this.#retry as never
    if (this.#fails === undefined) delete this.#test.fails
    else this.#test.fails = this.#fails
  }
}
