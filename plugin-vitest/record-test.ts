import type { Finding } from 'forkpoint/adapter'
import type { Test } from './internals.ts'

/** What forkpoint did for one test, in its `meta`. */
export interface TestRecord {
  /** Run from a checkpoint, and rolled back; else its setup was run for it. */
  rolledBack: boolean
  /** What it did that was not, or can't be, rolled back. */
  findings?: readonly Finding[]
}

/** Leaves the record once the test has ended, so that the test itself doesn't see it. The first one stays. */
export function recordTest(test: Test, rolledBack: boolean, findings: readonly Finding[] = []): void {
  const record: TestRecord = { rolledBack, ...(findings.length > 0 && { findings }) }
  if (!('forkpoint' in test.meta)) Object.assign(test.meta, { forkpoint: record })
}
