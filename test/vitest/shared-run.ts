import { atMost } from '../support/at-most.ts'
import { runSuite, type SuiteOptions } from '../support/run-suite.ts'
import type { SuiteRun } from '../support/suite-run.ts'

const gate = atMost(2)

/** A run that several tests look at: made when the first one asks, with at most one other at the same time. */
export function sharedRun(options: SuiteOptions): () => Promise<SuiteRun> {
  let run: Promise<SuiteRun> | undefined
  return () => {
    run ??= gate(() => runSuite(options))
    return run
  }
}
