import type { BranchOptions, Desk, Engine, InPlaceEngine } from '../engine.ts'
import type { ForkpointError } from '../errors.ts'
import type { Finding, TestPlace } from '../finding.ts'
import type { HostGuard } from '../host/guard/host-guard.ts'
import type { MemoryDisk } from '../host/memory-disk/memory-disk.ts'
import type { Level } from './level.ts'

export interface SessionOptions {
  /** Null: every test runs the plain way. */
  engine: Engine | null
  warmup: 'auto' | number
  /** What the runner does to the state before each try of a test, and so before the steps: clearing mocks, say. */
  beforeSteps(): void
  /**
   * Resolves when the adapter has nothing under way that two processes would both see the end of.
   *
   * @param isStill nothing has happened since the last branch but what the adapter itself has done
   */
  beforeBranch(isStill: boolean): Promise<void>
  /** Where the files of tests go, if it is not the real disk. */
  disk: MemoryDisk | null
  /** Watches what tests do to the world outside; null: nothing does. */
  guard?: HostGuard | null
  /** Each branch for a test has parts of the system to itself. */
  isIsolated?: boolean
  /** Where what tests do to a disk of their own is kept; without it, nowhere. */
  keptIn?: string | null
  /** The project's folder. */
  root?: string
  /** What there is to say before anything has run. */
  notes?: readonly Finding[]
  /** How tests run beside one another; null: one after the other. */
  beside: { atOnce: number; desk: Desk } | null
}

export interface InPlaceOptions
  extends Pick<SessionOptions, 'warmup' | 'beforeSteps' | 'disk' | 'guard' | 'notes'> {
  engine: InPlaceEngine
  /** Resolves when the adapter has nothing under way whose end would move the state. */
  beforeTake(): Promise<void>
}

/** What the guard says of a try that has ended. */
export interface TryVerdict {
  /** Fails it. */
  error: ForkpointError | null
  findings: readonly Finding[]
}

/** What a nested suite does to the state. */
export interface SuiteTraits {
  own: Level | null
  /** It has steps, or hooks around all its tests. */
  isStateful: boolean
}

export interface TestTraits extends BranchOptions {
  /** For the reports. */
  place?: TestPlace | null
  /** No other test is under way in this process. */
  isAlone: boolean
  /** It stands right in the suite of its level: no suite in between has begun, which a branch would begin too. */
  isAtEdge: boolean
}
