import type { ResolvedOptions } from 'forkpoint/adapter'
import { missing, workerState } from './internals.ts'
import { OPTIONS_KEY } from './options-key.ts'

/** The options as the main process has resolved them. */
export function readOptions(): ResolvedOptions {
  const given = workerState().providedContext[OPTIONS_KEY]
  if (given === undefined) throw missing(`the value provided as '${OPTIONS_KEY}'`)
  return given as ResolvedOptions
}
