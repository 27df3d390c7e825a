import type { InPlaceEngine, Obstacle, PlaceState } from '../engine.ts'
import { ForkpointError } from '../errors.ts'
import { serialize } from '../intrinsics.ts'
import { readValue } from '../read-value.ts'
import { assertQuiet } from './assert-quiet.ts'
import { type Reply, replyOf, unsendable } from './reply.ts'
import type { RunFrom } from './run-from.ts'

/** Runs bodies where they are, and puts the state back before and after. */
export class InPlaceRunner implements RunFrom {
  readonly #engine: InPlaceEngine
  #state: PlaceState | null = null
  #isRunning = false
  #isReleased = false

  constructor(engine: InPlaceEngine) {
    this.#engine = engine
  }

  async take(): Promise<void> {
    assertQuiet(await this.#engine.quiesce(), 'take a checkpoint')
    const taken = this.#engine.take()
    if (Array.isArray(taken)) throw cannot('take a checkpoint', taken)
    this.#state = taken
  }

  async run(body: () => unknown): Promise<Reply> {
    assertQuiet(await this.#engine.quiesce(), 'run from the checkpoint')
    this.#isRunning = true
    try {
      this.#restore()
      // The answer is out of harm's way before the state that it may be part of is put back.
      const answer = clone(await replyOf(body))
      this.#restore()
      return answer
    } finally {
      this.#isRunning = false
      if (this.#isReleased) this.release()
    }
  }

  /** A run that is under way is undone first. */
  release(): void {
    this.#isReleased = true
    if (this.#isRunning) return
    this.#state?.release()
    this.#state = null
  }

  #restore(): void {
    const obstacles = this.#state?.restore() ?? []
    if (obstacles.length > 0) throw cannot('run from the checkpoint', obstacles)
    for (const { why, remedy } of this.#state?.findChanges() ?? []) {
      process.emitWarning(`After a rollback ${why}; ${remedy}.`, {
        type: 'ForkpointWarning',
        code: 'FORKPOINT_AUDIT',
      })
    }
  }
}

function clone(answer: Reply): Reply {
  try {
    return readValue(serialize(answer)) as Reply
  } catch (error) {
    return unsendable(answer, error)
  }
}

function cannot(verb: string, [obstacle]: readonly Obstacle[]): ForkpointError {
  const { why, remedy } = obstacle ?? { why: 'it can not be put back', remedy: 'none' }
  return new ForkpointError('ERR_FORKPOINT_STATE', `Failed to ${verb}: ${why}. Remedy: ${remedy}.`)
}
