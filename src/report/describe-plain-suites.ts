import { groupBy } from './group-by.ts'
import type { CheckpointRecord, FileRecord } from './run-record.ts'
import { count, type Manner, placeOf, type Section, shorten } from './section.ts'
import { sum } from './statistics.ts'

/**
 * Suites that were left plain by judgement, with the figures; those with the most setup time
 * first. Not those that could not be rolled back: the findings say that.
 */
export function describePlainSuites(files: readonly FileRecord[], manner: Manner): Section[] {
  const all = files.flatMap(({ checkpoints }) => checkpoints)
  const plain = files.flatMap(withoutFallbacks)
  if (plain.length === 0) return []
  const groups = groupBy(plain, ({ file, why }) => JSON.stringify([file, why]))
  const lines = groups
    .map(group => ({ line: describeGroup(group, manner), ms: sum(group.map(setupTime)) }))
    .sort((a, b) => b.ms - a.ms)
    .map(({ line }) => line)
  const tests = sum(plain.map(record => record.tests))
  return [
    {
      label: 'Left plain',
      lines: [
        `${plain.length} of ${count(all.length, 'suite')}, ${count(tests, 'test')}`,
        ...shorten(lines, manner),
      ],
    },
  ]
}

function withoutFallbacks({ file, checkpoints, findings }: FileRecord): CheckpointRecord[] {
  const fellBack = new Set(
    findings
      .filter(({ kind }) => kind === 'fallback')
      .map(finding => `${finding.file ?? file}\n${finding.suite ?? ''}`),
  )
  return checkpoints.filter(
    ({ decision, file, suite }) => decision === 'plain' && !fellBack.has(`${file}\n${suite}`),
  )
}

function describeGroup(group: readonly [CheckpointRecord, ...CheckpointRecord[]], manner: Manner): string {
  const [first] = group
  const place =
    group.length === 1 ? placeOf(first, manner) : `${manner.showPath(first.file)} (${group.length} suites)`
  return first.why === '' ? place : place + manner.style.dim(`: ${first.why}`)
}

function setupTime({ setupMs, setupRuns }: CheckpointRecord): number {
  return setupMs * setupRuns
}
