import type { TriedTest } from '../runner-kit.ts'
import type { TrialRun } from '../trial/run-trial.ts'

/** A test that did not end in both runs as in the other one. */
export interface Difference {
  key: string
  test: TriedTest
  /** Null: it was not there. */
  plain: TriedTest | null
  forkpoint: TriedTest | null
}

/** Tests whose outcomes differ, in the order of the plain run; those that are in the other one only come last. */
export function compareRuns(plain: TrialRun, forkpoint: TrialRun): Difference[] {
  const keys = new Set([...plain.tests.keys(), ...forkpoint.tests.keys()])
  return [...keys].flatMap((key): Difference[] => {
    const [a, b] = [plain.tests.get(key) ?? null, forkpoint.tests.get(key) ?? null]
    const test = a ?? b
    return test === null || a?.state === b?.state ? [] : [{ key, test, plain: a, forkpoint: b }]
  })
}

/** What went wrong in the run with forkpoint, outside of tests, and not in the other one. */
export function newErrors(plain: TrialRun, forkpoint: TrialRun): TrialRun['errors'] {
  const known = new Set(plain.errors.map(error => JSON.stringify(error)))
  return forkpoint.errors.filter(error => !known.has(JSON.stringify(error)))
}
