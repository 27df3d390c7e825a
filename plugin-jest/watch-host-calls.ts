import { isMainThread } from 'node:worker_threads'
import {
  type HostGuard,
  missingFlags,
  type ResolvedOptions,
  startGuard,
  undoScopeOf,
  watchCalls,
} from 'forkpoint/adapter'
import { OF_THE_RUN } from './code-of-the-run.ts'
import type { GlobalConfig } from './environment-class.ts'
import { isHeapNeeded } from './find-obstacle.ts'

const isOfTheRun = (file: string): boolean => OF_THE_RUN.test(file)

/** Where nothing can be rolled back, nothing is watched. */
function isGuarding({ guard, engine }: ResolvedOptions, run: GlobalConfig): boolean {
  if (guard === 'off' || engine === 'off') return false
  return isHeapNeeded(engine, run) || (isMainThread && missingFlags(process.execArgv).length === 0)
}

/**
 * Call it before user code runs: who takes a function out of a module of Node's before keeps the real one.
 *
 * @returns whether calls are watched
 */
export function prepareGuard(options: ResolvedOptions, run: GlobalConfig): boolean {
  const isNeeded = isGuarding(options, run)
  if (isNeeded) watchCalls()
  return isNeeded
}

/** Watches the host calls of the tests to come. A worker runs files of several projects: each has its own options. */
export function watchHostCalls(options: ResolvedOptions, run: GlobalConfig, root: string): HostGuard | null {
  if (!isGuarding(options, run)) return null
  const { fs, guard, rules, trace } = options
  const ofFile = {
    root,
    scope: undoScopeOf(fs),
    rules,
    isStrict: guard === 'strict',
    trace,
    isOutside: isOfTheRun,
    isOfRunner: isOfTheRun,
  }
  const watching = startGuard(ofFile)
  watching.configure(ofFile)
  return watching
}
