import { ForkEngine, type Refusal } from 'forkpoint/adapter'

/** The part of Vitest's configuration that can keep the fork engine from running. */
interface Setting {
  pool: string
  detectAsyncLeaks: boolean
}

const TO_PROCESSES = "run them in processes: remove the pool option, or set it to 'forks'"
const IN_THREADS = 'the tests run in a worker thread, and fork(2) copies only the calling thread'

/** The pools that are not made of processes with one test file at a time, and why that does not do. */
const POOLS: Readonly<Record<string, string>> = {
  threads: IN_THREADS,
  vmThreads: IN_THREADS,
  vmForks: "the tests run in contexts of node:vm (pool 'vmForks'), where the fork engine has not been tested",
}

/** Why no worker of a project with this configuration can run the fork engine: what is known before one is started. */
export function findObstacle({ pool, detectAsyncLeaks }: Setting): Refusal | null {
  if (pool !== 'forks') {
    const why = POOLS[pool] ?? `the tests run in the pool '${pool}', which forkpoint does not know`
    return { engine: 'fork', check: 'pool', why, remedy: TO_PROCESSES }
  }
  if (detectAsyncLeaks) {
    return {
      engine: 'fork',
      check: 'detectAsyncLeaks',
      why: 'Vitest looks for async leaks (`detectAsyncLeaks`), and would not see those of tests that run in processes of their own',
      remedy: 'look for leaks in a run of their own, with FORKPOINT=off, and remove the option here',
    }
  }
  return ForkEngine.refuseHere()
}
