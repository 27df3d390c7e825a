import type { Refusal, ResolvedOptions } from 'forkpoint/adapter'
import { missing, workerState } from './internals.ts'
import { OPTIONS_KEY } from './options-key.ts'

/** What the plugin provides to the workers of a project. */
export interface WorkerOptions {
  /** As the main process has resolved them. */
  options: ResolvedOptions
  /** What is known to keep the fork engine from running in any of them. */
  obstacle: Refusal | null
  /** What keeps the heap engine from running in any of them: it was not chosen, so the sources are not transformed for it. */
  heapObstacle: Refusal | null
}

export function readOptions(): WorkerOptions {
  const given = workerState().providedContext[OPTIONS_KEY]
  if (given === undefined) throw missing(`the value provided as '${OPTIONS_KEY}'`)
  return given as WorkerOptions
}
