import { type HostGuard, startGuard, undoScopeOf } from 'forkpoint/adapter'
import { OF_THE_RUN } from './code-of-the-run.ts'
import { RUNNER_CODE } from './runner-code.ts'
import type { WorkerOptions } from './worker-options.ts'

/** Watches the host calls of the tests to come. */
export function watchHostCalls({ options }: WorkerOptions, root: string): HostGuard {
  const { guard, fs, rules, trace } = options
  return startGuard({
    root,
    scope: undoScopeOf(fs),
    rules,
    isStrict: guard === 'strict',
    trace,
    isOutside: file => OF_THE_RUN.test(file),
    isOfRunner: file => RUNNER_CODE.test(file),
  })
}
