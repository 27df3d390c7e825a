import type { CircusState, Test } from './circus.ts'
import { type PackedError, packError } from './packed-error.ts'

/** What a test has become in a branch, as plain data. */
export interface TestResult {
  errors: PackedError[]
  retryReasons: PackedError[]
  /** Rejections that nobody has handled, so far. */
  rejections: PackedError[]
  invocations: number
  startedAt: number | null
  duration: number | null
  numPassingAsserts: number
}

/** @param before how many errors and reasons were there when the branch began */
export function packTest(
  test: Test,
  known: ReadonlyMap<unknown, number>,
  before: { errors: number; retryReasons: number },
): TestResult {
  const pack = (error: unknown): PackedError => packError(error, known)
  return {
    errors: test.errors.slice(before.errors).map(pack),
    retryReasons: test.retryReasons.slice(before.retryReasons).map(pack),
    rejections: [...(test.unhandledRejectionErrorByPromise?.values() ?? [])].map(pack),
    invocations: test.invocations,
    startedAt: test.startedAt ?? null,
    duration: test.duration ?? null,
    numPassingAsserts: test.numPassingAsserts ?? 0,
  }
}

/** A test that has errors before it begins is neither run by circus nor retried. */
export function unpackErrors(test: Test, result: TestResult, unpack: (error: PackedError) => unknown): void {
  test.errors.push(...result.errors.map(unpack))
  test.retryReasons.push(...result.retryReasons.map(unpack))
}

export function unpackFigures(test: Test, result: TestResult): void {
  const { invocations, startedAt, duration, numPassingAsserts } = result
  Object.assign(test, { invocations, duration, numPassingAsserts })
  if (startedAt !== null) test.startedAt = startedAt
}

export function unpackRejections(
  test: Test,
  { rejections }: TestResult,
  state: CircusState,
  unpack: (error: PackedError) => unknown,
): void {
  const list = test.unhandledRejectionErrorByPromise
  if (list === undefined) return
  for (const rejection of rejections) {
    const promise = Promise.resolve()
    list.set(promise, unpack(rejection))
    state.unhandledRejectionErrorByPromiseTarget?.set(promise, list)
  }
}
