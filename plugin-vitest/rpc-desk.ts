import type { Desk } from 'forkpoint/adapter'
import { workerState } from './internals.ts'

/** A call of Vitest's to the main process. */
export interface RpcQuestion {
  name: string
  args: unknown[]
}

/** Calls that only read, in Vitest 4.1 and 5.1: their order means nothing, and a test can't go on without the answer. */
export const READING: ReadonlySet<string> = new Set([
  'fetch',
  'fetchWarmModules',
  'resolve',
  'transform',
  'resolveSnapshotPath',
  'ensureModuleGraphEntry',
  'readBenchmarkResult',
])

/**
 * Makes the calls of branches that run beside one another, in the process they have branched from. Each is made when the one
 * before has been answered: the main process handles two updates that arrive together side by side, and would report the
 * first test of the second one before the last of the first.
 */
export class RpcDesk implements Desk {
  readonly #beforeUpdate: () => Promise<void>
  #last: Promise<unknown> = Promise.resolve()

  /** @param beforeUpdate called before the updates of a branch are sent: those of tests before it come first */
  constructor(beforeUpdate: () => Promise<void>) {
    this.#beforeUpdate = beforeUpdate
  }

  isUrgent(question: unknown): boolean {
    return READING.has((question as RpcQuestion).name)
  }

  answer(question: unknown): Promise<unknown> {
    if (this.isUrgent(question)) return this.#call(question as RpcQuestion)
    const answer = this.#last.then(() => this.#call(question as RpcQuestion))
    this.#last = answer.catch(() => {})
    return answer
  }

  async #call({ name, args }: RpcQuestion): Promise<unknown> {
    if (name === 'onTaskUpdate') await this.#beforeUpdate()
    return workerState().rpc[name]?.(...args)
  }
}
