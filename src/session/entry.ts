import type { Aside, Outcome } from '../engine.ts'
import type { Finding } from '../finding.ts'
import type { CheckpointRecord, Discarded } from '../report/run-record.ts'
import type { Level } from './level.ts'

/**
 * The two sides of a test, a suite, or the rest of a suite from the test at hand on, that runs in a branch of its own.
 */
export type Entry = { of: 'test' | 'suite' | 'rest' } & (
  | { side: 'inside'; finish(value: unknown): Promise<never>; aside?: Aside }
  /** `isBeside`: others may still run. */
  | { side: 'outside'; outcome: Outcome; isBeside: boolean }
)

/** The test runs in a branch that this process has nothing to do with: it is on its way to one of its own. */
export interface Passed {
  of: 'test'
  side: 'elsewhere'
}

/** What the inside sends along with the adapter's own value. */
export interface Parcel {
  value: unknown
  bodyMs: number
  records: CheckpointRecord[]
  findings: Finding[]
  /** Paths of the disk that were put back. */
  undone: number
  discarded: Discarded[]
  rulesUsed: number[]
  /** Why what the test did outside is not undone, as a clause. */
  problem?: string
}

/** What kind of branch is entered. */
export interface Entering {
  of: Entry['of']
  /** The level whose state is built in it. */
  contained?: Level | null
  isBeside?: boolean
  /** It is only looked at. */
  isExtra?: boolean
}
