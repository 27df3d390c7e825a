import { isMainThread } from 'node:worker_threads'
import { ForkEngine, missingFlags, type Refusal, type ResolvedOptions } from 'forkpoint/adapter'
import type { Environment, GlobalConfig } from './environment-class.ts'

type Setting = Pick<GlobalConfig, 'detectLeaks' | 'detectOpenHandles' | 'workerThreads'>

/** Why the heap engine can't run in a worker that was not prepared for it. */
export const HEAP_OBSTACLE: Refusal = {
  engine: 'heap',
  check: 'prepared',
  why: 'the code of the tests was not prepared for it when it was loaded',
  remedy: "ask for it: `engine: 'heap'`",
}

/** Why the heap engine can't run with this configuration: what Jest looks for would be its own doing. */
export function findHeapObstacle({ detectLeaks }: Pick<Setting, 'detectLeaks'>): Refusal | null {
  if (!detectLeaks) return null
  return {
    engine: 'heap',
    check: 'detectLeaks',
    why: 'Jest looks for what tests leave behind (`detectLeaks`), and would find what is kept of them to be put back',
    remedy: 'look for it in a run of its own, with FORKPOINT=off, and remove the option here',
  }
}

/** Why the heap engine can't run in an environment: what a page is made of keeps variables that nothing exposes. */
export function findEnvironmentObstacle({ global }: Pick<Environment, 'global'>): Refusal | null {
  if (!('document' in global)) return null
  return {
    engine: 'heap',
    check: 'environment',
    why: 'the tests run in the environment of a page, whose objects it would not put back',
    remedy: "run them in the environment 'node', or leave them to the fork engine",
  }
}

/**
 * Whether the code of the tests is to be prepared for the heap engine: it was asked for, or takes the place of the fork engine
 * where that can never run. A worker that was only not started for it stays as it is.
 */
export function isHeapNeeded(engine: ResolvedOptions['engine'], setting: Setting): boolean {
  if (findHeapObstacle(setting) !== null) return false
  if (engine !== 'auto') return engine === 'heap'
  return !isMainThread || setting.workerThreads === true || ForkEngine.refuseHere() !== null
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
