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
export const rpcDesk = {
  isUrgent(question: unknown): boolean {
    return READING.has((question as RpcQuestion).name)
  },

  async answer(question: unknown): Promise<unknown> {
    const { name, args } = question as RpcQuestion
    return workerState().rpc[name]?.(...args)
  },
}
