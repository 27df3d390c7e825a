import type { Finding } from '../finding.ts'
import { isOfHostCall } from './describe-host-calls.ts'
import { groupBy } from './group-by.ts'
import { mergeFindings } from './merge-findings.ts'
import type { FileRecord } from './run-record.ts'
import { type Manner, placeOf, type Section, shorten } from './section.ts'
import { sum } from './statistics.ts'

/** Findings grouped by what they say (fallbacks by call site too), the most frequent first; with trace, every place of each. */
export function describeFindings(
  files: readonly FileRecord[],
  manner: Manner,
  ofRun: readonly Finding[] = [],
): Section[] {
  const { style, trace } = manner
  const all = mergeFindings([
    ...files.flatMap(({ file, findings }) => findings.map(finding => ({ file, ...finding }))),
    ...ofRun,
  ]).filter(finding => !isOfHostCall(finding))
  if (all.length === 0) return []
  const groups = groupBy(
    all,
    finding => `${finding.detail}\n${isAlwaysPlaced(finding) ? finding.site : ''}`,
  ).sort((a, b) => timesSeen(b) - timesSeen(a))
  const total = sum(all.map(finding => finding.count))
  const times = total === groups.length ? '' : style.dim(` (seen ${total} times)`)
  const lines = shorten(
    groups.map(group => describeGroup(group, manner)),
    manner,
  )
  const trailer =
    trace || !groups.some(hidesPlaces) ? [] : ['To see where each was made, run with FORKPOINT_TRACE=1.']
  return [
    {
      label: 'Findings',
      lines: [style.bold(style.yellow(`${groups.length}`)) + times, ...lines, ...trailer],
    },
  ]
}

function describeGroup(group: readonly [Finding, ...Finding[]], manner: Manner): string {
  const { style, trace } = manner
  const seen = timesSeen(group)
  const words = (seen > 1 ? `${seen} × ` : '') + group[0].detail
  const places = group.map(finding => describePlace(finding, manner))
  if (trace) return [words, ...places.map(place => style.dim(`  ${place}`))].join('\n')
  const others = places.length > 1 ? ` and ${places.length - 1} more` : ''
  return places[0] === '' ? words : words + style.dim(` (${places[0]}${others})`)
}

function describePlace(finding: Finding, manner: Manner): string {
  const { site } = finding
  const isShown = site !== undefined && (manner.trace || isAlwaysPlaced(finding))
  return placeOf(finding, manner) + (isShown ? `, at ${manner.showPath(site)}` : '')
}

/** Of a fallback or a leak the call site is the one thing to change; of the rest there may be many. */
function isAlwaysPlaced({ kind }: Finding): boolean {
  return kind === 'fallback' || kind === 'leak'
}

/** A fallback is about a suite, and its place says all; other findings were made by a line of code. */
function hidesPlaces(group: readonly Finding[]): boolean {
  return group.length > 1 || group.some(({ kind }) => kind !== 'fallback' && kind !== 'rule-unused')
}

function timesSeen(group: readonly Finding[]): number {
  return sum(group.map(finding => finding.count))
}
