import { pathToFileURL } from 'node:url'
import type { Finding } from '../finding.ts'
import { version } from '../version.ts'
import type { ReportFile } from './report-file.ts'

/** `path:line:col` */
const SITE = /^(.*):(\d+):(\d+)$/

/** Findings of a report in the form that code hosts show beside the code: SARIF 2.1.0. The rule of a finding is its effect, or its kind. */
export function toSarif({ findings }: Pick<ReportFile, 'findings'>): object {
  const rules = [...new Set(findings.map(ruleOf))].map(id => ({ id }))
  const driver = { name: 'forkpoint', version, rules }
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [{ tool: { driver }, results: findings.map(toResult) }],
  }
}

function ruleOf({ kind, effect }: Finding): string {
  return effect ?? kind
}

function toResult(finding: Finding): object {
  const { detail, test, count, nature, undone } = finding
  const where = placeOf(finding)
  return {
    ruleId: ruleOf(finding),
    level: nature === 'unsafe' && undone !== true ? 'warning' : 'note',
    message: { text: test === undefined || test === '' ? detail : `${detail} (in the test "${test}")` },
    occurrenceCount: count,
    ...(where === null ? {} : { locations: [{ physicalLocation: where }] }),
  }
}

function placeOf({ site, file }: Finding): object | null {
  const [, path, line, column] = SITE.exec(site ?? '') ?? []
  const named = path ?? file
  if (named === undefined) return null
  const artifactLocation = { uri: pathToFileURL(named).href }
  if (line === undefined) return { artifactLocation }
  return { artifactLocation, region: { startLine: Number(line), startColumn: Number(column) } }
}
