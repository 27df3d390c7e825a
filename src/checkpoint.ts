import { describeOutcome } from './describe-outcome.ts'
import type { Engine } from './engine.ts'
import { ForkpointError } from './errors.ts'
import { ForkEngine } from './fork/engine.ts'
import { gatherHeap } from './fork/gather-heap.ts'
import { watchProcess } from './fork/watch-process.ts'
import { sharedState } from './state.ts'

/** From when forkpoint was loaded, which a script does before it starts threads. */
const watch = watchProcess()
gatherHeap()

/** What a branch sends back; `unsendable` says that its value, or its error, can't be, and why. */
type Reply = { value: unknown } | { error: unknown } | { unsendable: string }

/** Two runs at once in one process: the branch of the first would run the second too. */
let isRunning = false

/**
 * A state to run code from, over and over: what the code does is undone afterwards.
 *
 * Lifecycle: *taken* by `checkpoint()`, then any number of `run`s one after the other, then *disposed*.
 */
export class Checkpoint implements AsyncDisposable {
  readonly #engine: Engine
  #status: 'taken' | 'running' | 'disposed' = 'taken'

  /** @internal Use `checkpoint()`. */
  constructor(engine: Engine) {
    this.#engine = engine
  }

  /**
   * Runs `body` from the checkpoint's state and undoes what it did. Its value, or its error, comes back structured-cloned:
   * of an error that is its message, stack, cause and standard name, but not its class nor other fields.
   *
   * With the fork engine the state is this process's memory at the moment of the call, and this process stands still
   * until `body` has ended. Host calls (files, sockets) are not undone.
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
    if (isRunning) {
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
    isRunning = true
    try {
      await assertQuiet(this.#engine, 'run from the checkpoint')
      const branch = this.#engine.branch({ deadlineMs: 0, key: '', followed: 0 })
      if (branch.side === 'inside') {
        isRunning = false
        return await send(branch.finish, await reply(body))
      }
      if (branch.outcome.kind !== 'value') {
        const how = describeOutcome(branch.outcome)
        throw new ForkpointError('ERR_FORKPOINT_CHILD', `Failed to run from the checkpoint: ${how}.`)
      }
      const answer = branch.outcome.value as Reply
      if ('unsendable' in answer) {
        throw new ForkpointError(
          'ERR_FORKPOINT_RESULT',
          `Failed to run from the checkpoint: ${answer.unsendable}`,
        )
      }
      if ('error' in answer) throw answer.error
      return answer.value as Awaited<Result>
    } finally {
      isRunning = false
      if (this.#status === 'running') this.#status = 'taken'
    }
  }

  /** Lets go of the checkpoint; a second call does nothing. */
  async dispose(): Promise<void> {
    this.#status = 'disposed'
    this.#engine.rest()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.dispose()
  }
}

/**
 * Records the state of this process now. Needs no test runner, but a process started for it:
 * `node --single-threaded --v8-pool-size=1 script.mjs`.
 *
 * @throws {ForkpointError} `ERR_FORKPOINT_ENGINE` where no engine can run, with the reason and the remedy;
 * `ERR_FORKPOINT_BUSY` when work is in flight, naming it
 */
export async function checkpoint(): Promise<Checkpoint> {
  const engine = ForkEngine.create(watch)
  const refusal = engine.refuse()
  if (refusal !== null) {
    throw new ForkpointError(
      'ERR_FORKPOINT_ENGINE',
      `Failed to take a checkpoint: ${refusal.why}. Remedy: ${refusal.remedy}.`,
    )
  }
  for (const callback of sharedState().callbacks.before) await callback()
  await assertQuiet(engine, 'take a checkpoint')
  return new Checkpoint(engine)
}

async function assertQuiet(engine: Engine, verb: string): Promise<void> {
  const [obstacle] = await engine.quiesce()
  if (obstacle === undefined) return
  const { why, remedy, site } = obstacle
  const where = site === undefined ? '' : `, opened at ${site}`
  throw new ForkpointError('ERR_FORKPOINT_BUSY', `Failed to ${verb}: ${why}${where}. Remedy: ${remedy}.`)
}

async function reply(body: () => unknown): Promise<Reply> {
  try {
    for (const callback of sharedState().callbacks.after) await callback()
    return { value: await body() }
  } catch (error) {
    return { error }
  }
}

/** Does not throw: the code after a run must not go on in the branch. */
async function send(finish: (value: unknown) => Promise<never>, answer: Reply): Promise<never> {
  try {
    return await finish(answer)
  } catch (error) {
    const { cause } = error as ForkpointError
    const what = 'error' in answer ? 'error' : 'value'
    const reason = cause instanceof Error ? cause.message : String(cause ?? error)
    return finish({ unsendable: `its ${what} can't be sent back: ${reason}` })
  }
}
