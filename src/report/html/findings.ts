import type { Finding } from '../../finding.ts'
import { EFFECTS } from '../../host/catalogue/effects.ts'
import { groupBy } from '../group-by.ts'
import { sum } from '../statistics.ts'
import { html, type Markup } from './markup.ts'
import { prose } from './prose.ts'

/** What a page may show of the project. */
export interface Sources {
  showPath(path: string): string
  /** The lines of a file; null when they can't be had. */
  readLines(path: string): readonly string[] | null
}

/** Lines before and after the one of a call site. */
const AROUND = 2

/** Headings for findings that are about no call. */
const KINDS: Readonly<Record<Finding['kind'], string>> = {
  'host-call': 'Host calls',
  fallback: 'Setup re-run',
  leak: 'Left running',
  'rule-unused': 'Rules that fitted nothing',
  unrestorable: 'Not put back',
  unstable: 'Two outcomes',
}

/** Findings by effect and call site, unsafe ones first, each with the lines of code around it. */
export function findings(all: readonly Finding[], sources: Sources): Markup {
  if (all.length === 0) return html`<p>None: nothing that could not be rolled back was seen.</p>`
  const sorted = all.toSorted((a, b) => Number(b.nature === 'unsafe') - Number(a.nature === 'unsafe'))
  return html`${groupBy(sorted, headingOf).map(group => {
    const [first] = group
    return html`<section><h3>${headingOf(first)} <span class="faint">seen ${times(group)}</span></h3>
${adviceOf(first)}${groupBy(group, siteOf).map(site => describeSite(site, sources))}</section>`
  })}`
}

function headingOf({ kind, effect }: Finding): string {
  return effect === undefined ? KINDS[kind] : `${effect}: ${wordsOf(effect)?.does ?? KINDS[kind]}`
}

function adviceOf({ effect }: Finding): Markup | null {
  const advice = effect === undefined ? '' : (wordsOf(effect)?.advice ?? '')
  return advice === '' ? null : html`<p>${prose(advice)}</p>`
}

function wordsOf(effect: string): { does: string; advice: string } | undefined {
  return Object.hasOwn(EFFECTS, effect) ? EFFECTS[effect as keyof typeof EFFECTS] : undefined
}

/** Of a finding without a line of code: what it says is the place. */
function siteOf({ site, call, detail }: Finding): string {
  return JSON.stringify([site ?? detail, call])
}

function describeSite(group: readonly [Finding, ...Finding[]], sources: Sources): Markup {
  const [first] = group
  const { call, site } = first
  const resources = [
    ...new Set(
      group.map(({ resource }) => resource).filter(resource => resource !== undefined && resource !== ''),
    ),
  ]
  const places = [...new Set(group.map(finding => placeOf(finding, sources)))].filter(Boolean)
  return html`<details open><summary>${call === undefined ? null : html`<code>${call}</code> `}${
    isLeft(first) ? html`<span class="bad">not undone</span> ` : null
  }${site === undefined ? null : html`at <code>${sources.showPath(site)}</code> `}<span class="faint">seen ${times(group)}</span></summary>
${[...new Set(group.map(whatElse))].filter(Boolean).map(detail => html`<p>${prose(detail)}</p>`)}
${resources.length === 0 ? null : html`<p class="faint">On: ${resources.map(each => sources.showPath(each ?? '')).join(', ')}</p>`}
${places.length === 0 ? null : html`<p class="faint">In: ${places.join('; ')}</p>`}${site === undefined ? null : excerpt(site, sources)}</details>`
}

function isLeft({ nature, undone }: Finding): boolean {
  return nature === 'unsafe' || undone === false
}

/** Of what a finding says in words that which does not stand on the page already: the call, what it was done to, the advice. */
function whatElse({ detail, effect, call, resource }: Finding): string {
  const advice = effect === undefined ? '' : (wordsOf(effect)?.advice ?? '')
  const words = advice !== '' && detail.endsWith(advice) ? detail.slice(0, -advice.length).trim() : detail
  const told = [`${call} (${resource}) was not undone.`, `${call} (${resource}) can't be rolled back.`]
  return told.includes(words) ? '' : words
}

function placeOf({ file, suite, test }: Finding, { showPath }: Sources): string {
  return [showPath(file ?? ''), suite ?? '', test ?? ''].filter(Boolean).join(' > ')
}

/** The line of a call site and those around it. */
function excerpt(site: string, { readLines, showPath }: Sources): Markup | null {
  const [, path = '', line = ''] = /^(.*):(\d+):\d+$/.exec(site) ?? []
  const number = Number(line)
  const lines = path === '' ? null : readLines(path)
  if (lines === null || number < 1 || number > lines.length) return null
  const from = Math.max(1, number - AROUND)
  const shown = lines.slice(from - 1, number + AROUND)
  const width = String(from + shown.length - 1).length
  const written = shown.map((text, i) => {
    const numbered = `${String(from + i).padStart(width)}  ${text}`
    return from + i === number ? html`<mark>${numbered}</mark>\n` : html`${numbered}\n`
  })
  return html`<pre tabindex="0" role="group" aria-label="Source of ${showPath(path)}, line ${line}">${written}</pre>`
}

function times(group: readonly Finding[]): string {
  const count = sum(group.map(finding => finding.count))
  return count === 1 ? 'once' : `${count} times`
}
