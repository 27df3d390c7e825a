import type { EngineName, Refusal } from '../engine.ts'
import type { FileChanges } from '../file-changes.ts'
import type { Finding, TestPlace } from '../finding.ts'
import type { StartsRecord } from './starts-record.ts'

/**
 * What became of a suite that could be rolled back: rolled back; left plain (setup re-run for every test) because that
 * was cheaper or the only correct way; or its setup failed, so that no test of it ran.
 */
export type Decision = 'rolled-back' | 'plain' | 'failed'

/** A part of a run: `plain` and `test` are bodies of tests, in the worker and rolled back. */
export type Span = readonly [what: 'setup' | 'take' | 'restore' | 'test' | 'plain', at: number, ms: number]

/** The measurements of one suite. A list holds one entry per occurrence, in milliseconds and in the order of the run. */
export interface CheckpointRecord {
  file: string
  /** Full name of the suite; empty for the file itself. */
  suite: string
  decision: Decision
  /** The reason for the decision, with its figures, as a clause without a full stop. */
  why: string
  /** Times the setup was really run, warm-ups included. */
  setupRuns: number
  /** Median of one run of the setup. */
  setupMs: number
  /** Taking the checkpoint, once the setup had run. */
  takeMs: number
  /** First tests that were run the plain way before the checkpoint. */
  warmups: number
  restores: number
  /** What each branch cost beyond its body. */
  restoreMs: number[]
  /** Bodies of tests run in a branch. */
  bodyMs: number[]
  /** Bodies of tests run the plain way, in the parent. */
  plainBodyMs: number[]
  tests: number
  /** Resident memory of the process at the checkpoint. */
  residentMb: number
  /** What the heap engine has recorded. */
  objects?: number
  /** The process that the file ran in. */
  worker: number
  /** What was done, in the order in which it ended; `at` in milliseconds since the epoch. */
  timeline: Span[]
}

/** What a test has done to files that only it saw. */
export interface Discarded extends TestPlace, FileChanges {
  file: string
  /** With `keepOverlay`: the folder that has copies of what was changed and created, each by its whole path. */
  keptIn?: string
  /** How many of these could not be copied. */
  notKept?: number
}

export interface EngineRecord {
  chosen: EngineName | 'off'
  why: string
  refused: Refusal[]
}

/** What a worker process tells the main process about one test file. Structured-clonable, and small. */
export interface FileRecord {
  file: string
  engine: EngineRecord
  checkpoints: CheckpointRecord[]
  /** Hooks run once per suite because of `hoist`. */
  hoisted: number
  /** Hooks that `hoist` left alone, and why. */
  notHoisted: Array<{ site?: string; why: string }>
  findings: Finding[]
  /** Paths of the disk that were put back after its tests. */
  undone?: number
  /** What its tests have done to files, and is gone with them. */
  discarded?: Discarded[]
  /** Indexes of the option `rules` that have fitted a call. */
  rulesUsed?: number[]
}

/** Everything the summary and the report file are made from. */
export interface RunRecord {
  /** Name and version, joined by `@`. */
  runner: string
  /** Node's version, without the `v`. */
  node: string
  files: FileRecord[]
  /** What is found of the run as a whole, and of no file. */
  findings?: Finding[]
  /** Where test files are forked: how they were started. */
  starts?: StartsRecord
  /** Milliseconds since the epoch. */
  startedAt: number
  wallMs: number
}
