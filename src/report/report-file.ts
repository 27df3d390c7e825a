import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Refusal } from '../engine.ts'
import { ForkpointError } from '../errors.ts'
import type { Finding } from '../finding.ts'
import { version } from '../version.ts'
import { type EngineGroup, groupEngines } from './engine-groups.ts'
import { mergeFindings } from './merge-findings.ts'
import type {
  CheckpointRecord,
  Decision,
  Discarded,
  EngineRecord,
  FileRecord,
  RunRecord,
  Span,
} from './run-record.ts'
import { toSarif } from './sarif.ts'
import { savingsOf } from './savings.ts'
import type { StartsRecord } from './starts-record.ts'
import { median, percentile } from './statistics.ts'

/** The machine-readable report. Readers check `schema`: it changes when a field changes its meaning or goes away. */
export interface ReportFile {
  schema: 1
  forkpoint: string
  runner: string
  node: string
  /** ISO 8601. */
  startedAt: string
  wallMs: number
  engine: {
    chosen: EngineRecord['chosen']
    why: string
    refused: Refusal[]
    /** The choices of other test files, where they differed. */
    others: Array<{ chosen: EngineRecord['chosen']; why: string; refused: Refusal[]; files: number }>
  }
  /** Every test file that forkpoint had to do with, and the index of its engine: 0 is `engine`, n is `engine.others[n - 1]`. */
  files: Array<{ file: string; engine: number; hoisted: number; undone: number }>
  checkpoints: ReportedCheckpoint[]
  saved: { setupMs: number; spentMs: number }
  hoisted: number
  notHoisted: Array<{ file: string; site?: string; why: string }>
  findings: Finding[]
  /** With `fs: 'overlay'`: what tests have done to files, and is gone with them. */
  discarded?: Discarded[]
  /** With `files: 'fork'`: how the processes of the test files were started. */
  starts?: StartsRecord
}

export interface ReportedCheckpoint {
  file: string
  suite: string
  decision: Decision
  why: string
  tests: number
  warmups: number
  setupRuns: number
  setupMs: number
  takeMs: number
  restores: number
  restoreMs: { p50: number; p95: number; max: number }
  residentMb: number
  /** Of the heap engine's. */
  objects?: number
  /** The process that the file ran in. */
  worker: number
  /** What was done, in the order in which it ended: `at` in milliseconds since `startedAt`, and how long it took. */
  timeline: Span[]
}

export function toReportFile(run: RunRecord): ReportFile {
  const checkpoints = run.files.flatMap(file => file.checkpoints)
  const groups = groupEngines(run.files)
  const [main, ...others] = groups
  const { setupMs, spentMs } = savingsOf(checkpoints)
  const discarded = run.files.flatMap(file => file.discarded ?? [])
  return {
    schema: 1,
    forkpoint: version,
    runner: run.runner,
    node: run.node,
    startedAt: new Date(run.startedAt).toISOString(),
    wallMs: round(run.wallMs),
    engine: {
      ...(main?.engine ?? { chosen: 'off', why: 'no test file ran', refused: [] }),
      others: others.map(({ engine, files }) => ({ ...engine, files })),
    },
    files: run.files.map(record => toReportedFile(record, groups)),
    checkpoints: checkpoints.map(record => toReportedCheckpoint(record, run.startedAt)),
    saved: { setupMs: round(setupMs), spentMs: round(spentMs) },
    hoisted: run.files.reduce((total, { hoisted }) => total + hoisted, 0),
    notHoisted: run.files.flatMap(({ file, notHoisted }) => notHoisted.map(hook => ({ file, ...hook }))),
    findings: mergeFindings([
      ...run.files.flatMap(({ file, findings }) => findings.map(finding => ({ file, ...finding }))),
      ...(run.findings ?? []),
    ]),
    ...(discarded.length > 0 && { discarded }),
    ...(run.starts !== undefined && { starts: run.starts }),
  }
}

/**
 * Writes the report as JSON, and the folders that lead to it; of a path that ends in `.sarif`, its findings as SARIF.
 *
 * @throws ForkpointError `ERR_FORKPOINT_OPTION` when the file can't be written: the path comes from the option `report`.
 */
export function writeReportFile(path: string, run: RunRecord): void {
  const report = toReportFile(run)
  const text = `${JSON.stringify(path.endsWith('.sarif') ? toSarif(report) : report, null, 2)}\n`
  try {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new ForkpointError(
      'ERR_FORKPOINT_OPTION',
      `Failed to write the report to ${path}: ${reason}. Give the option \`report\` a path that can be written`,
      { path: 'report', cause },
    )
  }
}

function toReportedFile(
  { file, engine, hoisted, undone = 0 }: FileRecord,
  groups: readonly EngineGroup[],
): ReportFile['files'][number] {
  const wanted = JSON.stringify(engine)
  return { file, engine: groups.findIndex(group => JSON.stringify(group.engine) === wanted), hoisted, undone }
}

function toReportedCheckpoint(record: CheckpointRecord, startedAt: number): ReportedCheckpoint {
  const { file, suite, decision, why, tests, warmups, setupRuns, setupMs, takeMs, restores, restoreMs } =
    record
  return {
    file,
    suite,
    decision,
    why,
    tests,
    warmups,
    setupRuns,
    setupMs: round(setupMs),
    takeMs: round(takeMs),
    restores,
    restoreMs: {
      p50: round(median(restoreMs)),
      p95: round(percentile(restoreMs, 95)),
      max: round(percentile(restoreMs, 100)),
    },
    residentMb: round(record.residentMb),
    ...(record.objects !== undefined && { objects: record.objects }),
    worker: record.worker,
    timeline: record.timeline.map(([what, at, ms]) => [what, round(at - startedAt), round(ms)]),
  }
}

/** Three decimals: the clock has no more. */
function round(value: number): number {
  return Math.round(value * 1000) / 1000
}
