import type { CapturedTask, SuiteRun } from '../support/suite-run.ts'

/** Every test by its full name, with its state and the messages of its errors: "failed: …". */
export function outcomesOf(run: SuiteRun): Record<string, string> {
  const tests = Object.entries(run.captured.tasks).filter(([, { type }]) => type === 'test')
  return Object.fromEntries(tests.map(([name, test]) => [name, describe(test)]))
}

/** The tests, suites and files that have errors, with their messages. */
export function failuresOf(run: SuiteRun): Record<string, string> {
  const failed = Object.entries(run.captured.tasks).filter(([, { errors }]) => errors.length > 0)
  return Object.fromEntries(failed.map(([name, task]) => [name, describe(task)]))
}

function describe({ state, errors }: CapturedTask): string {
  return [state, ...errors.map(({ message }) => message)].join(': ')
}
