import { ForkpointError } from '../errors.ts'
import { ForkEngine } from '../fork/engine.ts'
import { gatherHeap } from '../fork/gather-heap.ts'
import { watchProcess } from '../fork/watch-process.ts'
import { engineFromEnvironment } from '../options/environment.ts'
import { sharedState } from '../state.ts'
import { BranchRunner } from './branch-runner.ts'
import type { RunFrom } from './run-from.ts'

/** From when forkpoint was loaded, which a script does before it starts threads. */
const watch = watchProcess()
gatherHeap()

/** With the first engine that can run here, or the one that `FORKPOINT` names. */
export async function chooseRunner(): Promise<RunFrom> {
  const wanted = engineFromEnvironment(process.env)
  const fork = ForkEngine.create(watch)
  const refusal = wanted === 'heap' ? null : fork.refuse()
  if (wanted !== 'heap' && refusal === null) return new BranchRunner(fork)
  const { boundary } = sharedState()
  if (wanted !== 'fork' && boundary !== null) {
    const { startInPlace } = await import('./start-in-place.ts')
    return startInPlace(boundary)
  }
  const { why, remedy } = refusal ?? {
    why: 'the sources of this process are not transformed for the heap engine',
    remedy: 'start it as: node --import forkpoint/register',
  }
  throw new ForkpointError('ERR_FORKPOINT_ENGINE', `Failed to take a checkpoint: ${why}. Remedy: ${remedy}.`)
}
