import { isMainThread } from 'node:worker_threads'
import { ForkEngine, missingFlags, type Refusal } from 'forkpoint/adapter'
import type { GlobalConfig } from './environment-class.ts'

type Setting = Pick<GlobalConfig, 'detectLeaks' | 'detectOpenHandles' | 'workerThreads'>

/** Why the heap engine can't run: it has to be told of Jest's modules and mocks first. */
export const HEAP_OBSTACLE: Refusal = {
  engine: 'heap',
  check: 'runner',
  why: 'this version of forkpoint does not have it for Jest',
  remedy: 'use the fork engine, or Vitest',
}

/** Why no worker with this configuration can run the fork engine: what is known before one is started. */
export function findObstacle({ detectLeaks, detectOpenHandles, workerThreads }: Setting): Refusal | null {
  if (workerThreads) {
    return refuse(
      'workerThreads',
      'the tests run in worker threads (`workerThreads`), and fork(2) copies only the calling thread',
      'remove the option',
    )
  }
  if (detectOpenHandles || detectLeaks) {
    const option = detectOpenHandles ? 'detectOpenHandles' : 'detectLeaks'
    return refuse(
      option,
      `Jest looks for what tests leave behind (\`${option}\`), and would not see that of tests that run in processes of their own`,
      'look for it in a run of its own, with FORKPOINT=off, and remove the option here',
    )
  }
  return ForkEngine.refuseHere()
}

/** The same in a worker. */
export function findWorkerObstacle(setting: Setting): Refusal | null {
  const obstacle = findObstacle(isMainThread ? setting : { ...setting, workerThreads: true })
  if (obstacle !== null) return obstacle
  const missing = missingFlags(process.execArgv)
  if (missing.length === 0) return null
  return refuse(
    'start flags',
    `Node was started without ${missing.join(' and ')}`,
    "have forkpoint's runner start it: `preset: 'forkpoint'`, or `runner: 'forkpoint/jest/runner'`",
  )
}

function refuse(check: string, why: string, remedy: string): Refusal {
  return { engine: 'fork', check, why, remedy }
}
