import { readFileSync } from 'node:fs'
import { ForkpointError } from '../errors.ts'
import { parseJson } from '../intrinsics.ts'
import type { ReportedCheckpoint, ReportFile } from './report-file.ts'
import type { CheckpointRecord, FileRecord, RunRecord, Span } from './run-record.ts'

/**
 * Reads a report file.
 *
 * @throws ForkpointError `ERR_FORKPOINT_OPTION` for a file that can't be read, or is none
 */
export function readReport(path: string): ReportFile {
  let value: unknown
  try {
    value = parseJson(readFileSync(path, 'utf8'))
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw noReport(path, reason, cause)
  }
  const { schema, runs, files } = Object(value) as { schema?: unknown; runs?: unknown; files?: unknown }
  if (schema === undefined && Array.isArray(runs))
    throw noReport(path, 'it is SARIF, which holds the findings only')
  if (schema !== 1)
    throw noReport(
      path,
      schema === undefined ? 'it has no `schema`' : `its schema is ${schema}, and this version reads 1`,
    )
  if (!Array.isArray(files)) throw noReport(path, 'an earlier version of forkpoint has written it')
  return value as ReportFile
}

/** The run that a report file tells of. */
export function toRunRecord(report: ReportFile): RunRecord {
  const startedAt = Date.parse(report.startedAt)
  const engines = [report.engine, ...report.engine.others]
  const names = report.files.map(({ file }) => file)
  const files = report.files.map(({ file, engine, hoisted, undone }, index): FileRecord => {
    const { chosen, why, refused } = engines[engine] ?? report.engine
    // A file of two projects is there twice; what is known of it belongs to both.
    const isOfIt = (each: { file?: string }): boolean => each.file === file && names.indexOf(file) === index
    return {
      file,
      engine: { chosen, why, refused },
      checkpoints: report.checkpoints.filter(isOfIt).map(each => toCheckpointRecord(each, startedAt)),
      hoisted,
      notHoisted: report.notHoisted.filter(isOfIt),
      findings: report.findings.filter(isOfIt),
      undone,
    }
  })
  return {
    runner: report.runner,
    node: report.node,
    files,
    findings: report.findings.filter(({ file }) => file === undefined || !names.includes(file)),
    ...(report.starts !== undefined && { starts: report.starts }),
    startedAt,
    wallMs: report.wallMs,
  }
}

function toCheckpointRecord(checkpoint: ReportedCheckpoint, startedAt: number): CheckpointRecord {
  const { timeline } = checkpoint
  const timesOf = (wanted: Span[0]): number[] =>
    timeline.flatMap(([what, , ms]) => (what === wanted ? [ms] : []))
  return {
    ...checkpoint,
    restoreMs: timesOf('restore'),
    bodyMs: timesOf('test'),
    plainBodyMs: timesOf('plain'),
    timeline: timeline.map(([what, at, ms]) => [what, startedAt + at, ms]),
  }
}

function noReport(path: string, why: string, cause?: unknown): ForkpointError {
  return new ForkpointError(
    'ERR_FORKPOINT_OPTION',
    `Failed to read ${path} as a report: ${why}; give the JSON file that the option \`report\` of a run has written`,
    { cause },
  )
}
