import { type ResolvedOptions, resolveOptions } from 'forkpoint/adapter'
import { workerState } from './internals.ts'

/** Under this name the plugin provides its options to the workers. */
export const OPTIONS_KEY = 'forkpoint:options'

/** The options as the main process has resolved them. */
export function readOptions(): ResolvedOptions {
  const given = workerState().providedContext[OPTIONS_KEY]
  return given === undefined ? resolveOptions({}, process.env) : (given as ResolvedOptions)
}
