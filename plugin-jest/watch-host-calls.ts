import { isMainThread } from 'node:worker_threads'
import { type HostGuard, missingFlags, type ResolvedOptions, startGuard, watchCalls } from 'forkpoint/adapter'

/**
 * Files of Jest whose own access to files, in a worker, is the run's and not the test's: it reads and transforms modules when
 * a test asks for them. Seen in 29.7 and 30.5.
 */
const OF_THE_RUN =
  /[\\/]node_modules[\\/](?:@jest[\\/][\w-]+|jest-[\w-]+|babel-[\w-]+|@babel[\\/][\w-]+|pirates|write-file-atomic)[\\/]/

/** Where nothing can be rolled back, nothing is watched. */
function isGuarding({ guard, engine }: ResolvedOptions): boolean {
  return guard !== 'off' && engine !== 'off' && isMainThread && missingFlags(process.execArgv).length === 0
}

/** Call it before user code runs: who takes a function out of a module of Node's before keeps the real one. */
export function prepareGuard(options: ResolvedOptions): void {
  if (isGuarding(options)) watchCalls()
}

/** Watches the host calls of the tests to come. */
export function watchHostCalls(options: ResolvedOptions, root: string): HostGuard | null {
  if (!isGuarding(options)) return null
  return startGuard({
    root,
    scope: 'fixture',
    rules: [],
    isStrict: false,
    trace: options.trace,
    isOutside: file => OF_THE_RUN.test(file),
    isOfRunner: file => OF_THE_RUN.test(file),
  })
}
