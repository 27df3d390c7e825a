import { AsyncLocalStorage } from 'node:async_hooks'
import { chooseRunner } from './checkpoint/choose-runner.ts'
import type { RunFrom } from './checkpoint/run-from.ts'
import { ForkpointError } from './errors.ts'
import { sharedState } from './state.ts'

/** Two runs at once in one process: what the one does would be part of the state of the other. */
let innermost: object | null = null

/** The run that the present code is part of. */
const runAround = new AsyncLocalStorage<object>()

/**
 * A state to run code from, over and over: what the code does is undone afterwards.
 *
 * Lifecycle: *taken* by `checkpoint()`, then any number of `run`s one after the other, then *disposed*.
 */
export class Checkpoint implements AsyncDisposable {
  readonly #runner: RunFrom
  #status: 'taken' | 'running' | 'disposed' = 'taken'

  /** @internal Use `checkpoint()`. */
  constructor(runner: RunFrom) {
    this.#runner = runner
  }

  /**
   * Runs `body` from the checkpoint's state and undoes what it did. Its value, or its error, comes back structured-cloned:
   * of an error that is its message, stack, cause and standard name, but not its class nor other fields.
   *
   * With the fork engine the state is this process's memory at the moment of the call, and this process stands still
   * until `body` has ended. With the heap engine it is the state when the checkpoint was taken, and what has changed since is
   * undone before `body` too. Host calls (files, sockets) are not undone.
   *
   * @throws what `body` throws; {@link ForkpointError} `ERR_FORKPOINT_CHILD` when its process died, `ERR_FORKPOINT_RESULT`
   * when its value can't be cloned, `ERR_FORKPOINT_BUSY` when work is in flight, `ERR_FORKPOINT_DISPOSED` after `dispose`
   * @example
   * await using point = await checkpoint()
   * const left = await point.run(() => { cart.clear(); return cart.size }) // 0; outside, the cart is full as before
   */
  async run<Result>(body: () => Result): Promise<Awaited<Result>> {
    if (this.#status === 'disposed') {
      throw new ForkpointError(
        'ERR_FORKPOINT_DISPOSED',
        'Failed to run from the checkpoint: it was disposed. Take a new one.',
      )
    }
    const around = innermost
    if (around !== null && runAround.getStore() !== around) {
      throw new ForkpointError(
        'ERR_FORKPOINT_BUSY',
        'Failed to run from the checkpoint: another run has not ended. Await it first.',
      )
    }
    if (this.#status === 'running') {
      throw new ForkpointError(
        'ERR_FORKPOINT_BUSY',
        'Failed to run from the checkpoint: this code is part of a run of it. Take a new checkpoint here.',
      )
    }
    this.#status = 'running'
    const own = {}
    innermost = own
    try {
      const answer = await runAround.run(own, () => this.#runner.run(body))
      if ('unsendable' in answer) {
        throw new ForkpointError(
          'ERR_FORKPOINT_RESULT',
          `Failed to run from the checkpoint: ${answer.unsendable}`,
        )
      }
      if ('error' in answer) throw answer.error
      return answer.value as Awaited<Result>
    } finally {
      innermost = around
      if (this.#status === 'running') this.#status = 'taken'
    }
  }

  /** Lets go of the checkpoint; a second call does nothing. */
  async dispose(): Promise<void> {
    this.#status = 'disposed'
    this.#runner.release()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.dispose()
  }
}

/**
 * Records the state of this process now. Needs no test runner, but a process started for it: for the fork engine as
 * `node --single-threaded --v8-pool-size=1 script.mjs`, for the heap engine as `node --import forkpoint/register script.mjs`. The
 * fork engine comes first; `FORKPOINT=heap` or `FORKPOINT=fork` in the environment asks for one by name.
 *
 * @throws {ForkpointError} `ERR_FORKPOINT_ENGINE` where no engine can run, with the reason and the remedy;
 * `ERR_FORKPOINT_BUSY` when work is in flight, naming it; `ERR_FORKPOINT_STATE` when something can't be recorded, with its path
 */
export async function checkpoint(): Promise<Checkpoint> {
  const runner = await chooseRunner()
  for (const callback of sharedState().callbacks.before) await callback()
  await runner.take()
  return new Checkpoint(runner)
}
