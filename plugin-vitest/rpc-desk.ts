import type { Desk } from 'forkpoint/adapter'
import { workerState } from './internals.ts'

/** A call of Vitest's to the main process. */
export interface RpcQuestion {
  name: string
  args: unknown[]
}

/** Calls that only read, in Vitest 4.1 and 5.1: their order means nothing, and a test can't go on without the answer. */
const READING: ReadonlySet<string> = new Set([
  'fetch',
  'fetchWarmModules',
  'resolve',
  'transform',
  'resolveSnapshotPath',
  'ensureModuleGraphEntry',
  'readBenchmarkResult',
])

/** Makes the calls of branches that run beside one another, in the process they have branched from. */
export class RpcDesk implements Desk {
  readonly #beforeUpdate: () => void

  /** @param beforeUpdate called before the updates of a branch are sent: those of tests before it come first */
  constructor(beforeUpdate: () => void) {
    this.#beforeUpdate = beforeUpdate
  }

  isUrgent(question: unknown): boolean {
    return READING.has((question as RpcQuestion).name)
  }

  async answer(question: unknown): Promise<unknown> {
    const { name, args } = question as RpcQuestion
    if (name === 'onTaskUpdate') this.#beforeUpdate()
    return workerState().rpc[name]?.(...args)
  }
}
