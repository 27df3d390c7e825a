import { adoptValue } from '../adopt-value.ts'
import { describeOutcome } from '../describe-outcome.ts'
import type { Engine } from '../engine.ts'
import { ForkpointError } from '../errors.ts'
import { assertQuiet } from './assert-quiet.ts'
import { type Reply, replyOf, unsendable } from './reply.ts'
import type { RunFrom } from './run-from.ts'

/** Runs bodies in branches of this process. */
export class BranchRunner implements RunFrom {
  readonly #engine: Engine

  constructor(engine: Engine) {
    this.#engine = engine
  }

  async take(): Promise<void> {
    assertQuiet(await this.#engine.quiesce(), 'take a checkpoint')
  }

  async run(body: () => unknown): Promise<Reply> {
    assertQuiet(await this.#engine.quiesce(), 'run from the checkpoint')
    const branch = this.#engine.branch({ deadlineMs: 0, key: '', followed: 0 })
    if (branch.side === 'inside') return send(branch.finish, await replyOf(body))
    if (branch.outcome.kind === 'value') return inThisRealm(branch.outcome.value) as Reply
    const how = describeOutcome(branch.outcome)
    throw new ForkpointError('ERR_FORKPOINT_CHILD', `Failed to run from the checkpoint: ${how}.`)
  }

  release(): void {
    this.#engine.rest()
  }
}

/** In a context of node:vm the classes are others than those that a value is read with. */
function inThisRealm(value: unknown): unknown {
  return value instanceof Object ? value : adoptValue(value, globalThis)
}

/** Does not throw: the code after a run must not go on in the branch. */
async function send(finish: (value: unknown) => Promise<never>, answer: Reply): Promise<never> {
  try {
    return await finish(answer)
  } catch (error) {
    return finish(unsendable(answer, (error as ForkpointError).cause ?? error))
  }
}
