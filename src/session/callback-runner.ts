import { sharedState } from '../state.ts'

/** Runs the `beforeFork` and `afterFork` callbacks of one process, in turns: what is closed is opened before it is closed again. */
export class CallbackRunner {
  #isClosed = false
  #error: { thrown: unknown } | null = null

  /** Lets user code close what two processes must not share. */
  async close(): Promise<void> {
    if (this.#isClosed) return
    this.#isClosed = true
    await this.#call(sharedState().callbacks.before)
  }

  /** Lets user code open again what it has closed: in a branch, or before user code goes on in this process. */
  async open(): Promise<void> {
    if (!this.#isClosed) return
    this.#isClosed = false
    await this.#call(sharedState().callbacks.after)
  }

  /** The state is again one in which all is closed. */
  noteClosed(): void {
    this.#isClosed = true
  }

  /** Throws what a callback threw: every test that runs here has that error. */
  throwError(): void {
    if (this.#error !== null) throw this.#error.thrown
  }

  async #call(callbacks: ReadonlyArray<() => unknown>): Promise<void> {
    try {
      for (const callback of callbacks) await callback()
    } catch (thrown) {
      this.#error = { thrown }
    }
  }
}
