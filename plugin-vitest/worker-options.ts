import { type Refusal, type ResolvedOptions, type ShippedRule, unpackRules } from 'forkpoint/adapter'
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
  const { options, ...obstacles } = given as WorkerOptions
  const rules = unpackRules(options.rules as unknown as ShippedRule[])
  return { ...obstacles, options: { ...options, rules } }
}

/** Whether host calls are watched: not by choice, or where nothing is rolled back anyhow. */
export function isGuarding({ options, obstacle, heapObstacle }: WorkerOptions): boolean {
  const { guard, engine } = options
  return guard !== 'off' && engine !== 'off' && (obstacle === null || heapObstacle === null)
}
