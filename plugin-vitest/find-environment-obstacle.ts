import type { Refusal } from 'forkpoint/adapter'
import { workerState } from './internals.ts'

/**
 * Why the heap engine can't run in this worker: what an environment puts into global variables is there before the tests are, and
 * would be taken for the runner's.
 */
export function findEnvironmentObstacle(): Refusal | null {
  const name = workerState().environment?.name ?? 'node'
  if (name === 'node') return null
  return {
    engine: 'heap',
    check: 'environment',
    why: `the tests run in the environment '${name}', whose objects it would not put back`,
    remedy: "run them in the environment 'node', or leave them to the fork engine",
  }
}
