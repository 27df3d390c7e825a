import type { Finding } from '../finding.ts'
import { EFFECTS } from '../host/catalogue/effects.ts'
import { groupBy } from './group-by.ts'
import { mergeFindings } from './merge-findings.ts'
import type { FileRecord } from './run-record.ts'
import { count, type Manner, placeOf, type Section, shorten } from './section.ts'
import { sum } from './statistics.ts'

/** Findings about host calls have a section of their own. */
export function isOfHostCall({ kind, call }: Finding): boolean {
  return kind === 'host-call' && call !== undefined
}

/** What tests did to the world outside: by call site, those that nothing can take back first, with what to do about each kind. */
export function describeHostCalls(files: readonly FileRecord[], manner: Manner): Section[] {
  const { style } = manner
  const calls = mergeFindings(
    files.flatMap(({ file, findings }) => findings.map(finding => ({ file, ...finding }))),
  ).filter(isOfHostCall)
  if (calls.length === 0) return []
  const unsafe = calls.filter(({ nature }) => nature === 'unsafe')
  const left = calls.filter(({ nature }) => nature !== 'unsafe')
  const undone = sum(files.map(file => file.undone ?? 0))
  const totals = [
    ...(unsafe.length > 0 ? [style.bold(style.yellow(`${times(unsafe)} can't be rolled back`))] : []),
    ...(left.length > 0 ? [`${times(left)} left on the disk`] : []),
    ...(undone > 0 ? [style.dim(`${count(undone, 'path')} put back`)] : []),
  ]
  const effects = groupBy([...unsafe, ...left], ({ effect, nature }) => `${nature} ${effect}`)
  const blocks = effects.map(group => describeEffect(group, manner))
  return [{ label: 'Host calls', lines: [totals.join(', '), ...shorten(blocks, manner)] }]
}

function describeEffect(group: readonly [Finding, ...Finding[]], manner: Manner): string {
  const sites = groupBy(group, ({ call, resource, site }) => JSON.stringify([call, site ?? resource]))
  const lines = sites.sort((a, b) => times(b) - times(a)).map(site => describeSite(site, manner))
  const { advice } = EFFECTS[group[0].effect as keyof typeof EFFECTS] ?? { advice: '' }
  return [...shorten(lines, manner), ...(advice === '' ? [] : [manner.style.dim(`  ${advice}`)])].join('\n')
}

/** `child_process.spawn (git init) × 12 at test/orders.test.ts:31:9` */
function describeSite(group: readonly [Finding, ...Finding[]], manner: Manner): string {
  const [first] = group
  const resources = new Set(group.map(({ resource }) => resource ?? ''))
  const others = resources.size > 1 ? ` and ${resources.size - 1} more` : ''
  const resource = first.resource ? ` (${manner.showPath(first.resource)}${others})` : ''
  const seen = times(group)
  const where =
    first.site === undefined ? `in ${placeOf(first, manner)}` : `at ${manner.showPath(first.site)}`
  const words = `${first.call}${resource}${seen > 1 ? ` × ${seen}` : ''}`
  const places = manner.trace ? group.map(each => `\n    ${placeOf(each, manner)}`).join('') : ''
  return words + manner.style.dim(` ${where}${places}`)
}

function times(findings: readonly Finding[]): number {
  return sum(findings.map(finding => finding.count))
}
