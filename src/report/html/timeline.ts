import { groupBy } from '../group-by.ts'
import type { ReportedCheckpoint, ReportFile } from '../report-file.ts'
import type { Span } from '../run-record.ts'
import { count } from '../section.ts'
import { formatMs, sum } from '../statistics.ts'
import { html, type Markup } from './markup.ts'

type What = Span[0]

/** Each kind has a height of its own too: colours alone tell nothing to those who can't see them. */
const KINDS: Readonly<Record<What, { words: string; noun: string; top: number; height: number }>> = {
  setup: { words: 'setup, run', noun: 'setup', top: 4, height: 36 },
  plain: { words: 'test, without rollback', noun: 'plain test', top: 26, height: 14 },
  take: { words: 'checkpoint taken', noun: 'checkpoint', top: 0, height: 44 },
  restore: { words: 'rollback', noun: 'rollback', top: 12, height: 28 },
  test: { words: 'test, rolled back', noun: 'rolled back test', top: 20, height: 20 },
}
const NAMES = Object.keys(KINDS) as What[]

const WIDTH = 1000
/** A checkpoint is a moment among many: it must be seen all the same. */
const LEAST_WIDTH: Readonly<Record<What, number>> = { setup: 1, plain: 0.5, take: 2, restore: 0.5, test: 0.5 }

/** What each worker process did when. */
export function timeline({ checkpoints, wallMs }: ReportFile): Markup {
  const workers = groupBy(checkpoints, ({ worker }) => String(worker)).sort((a, b) => beginOf(a) - beginOf(b))
  if (workers.length === 0) return html`<p>No suite had a setup that forkpoint had to do with.</p>`
  return html`<ul class="legend">${NAMES.map(
    what => html`<li><svg viewBox="0 0 44 44" aria-hidden="true"><rect class="${what}" x="${what === 'take' ? 18 : 4}"
      y="${KINDS[what].top}" width="${what === 'take' ? 8 : 36}" height="${KINDS[what].height}"/></svg>${KINDS[what].words}</li>`,
  )}</ul>
${workers.map((group, index) => lane(group, index + 1, Math.max(wallMs, 1)))}`
}

function lane(group: readonly ReportedCheckpoint[], number: number, wallMs: number): Markup {
  const spans = group.flatMap(checkpoint => checkpoint.timeline.map(span => ({ span, checkpoint })))
  const words = describeSpans(spans.map(({ span }) => span))
  const files = [...new Set(group.map(({ file }) => file))].length
  const title = `Worker ${number}, ${count(files, 'file')}`
  return html`<h3>${title}</h3>
<svg class="lane" viewBox="0 0 ${WIDTH} 44"
  preserveAspectRatio="none" role="img" aria-label="${words}">${NAMES.map(what =>
    thin(
      spans.filter(({ span }) => span[0] === what),
      wallMs,
    ).map(
      ({ x, width, ms, checkpoint }) =>
        html`<rect class="${what}" x="${x}" y="${KINDS[what].top}" width="${width}" height="${KINDS[what].height}"><title>${`${KINDS[what].words}, ${formatMs(ms)}: ${checkpoint.suite || checkpoint.file}`}</title></rect>`,
    ),
  )}</svg>
<p class="axis faint" aria-hidden="true"><span>0 s</span><span>${formatMs(wallMs)}</span></p>
<p class="faint">${words}</p>`
}

/** When a worker first had something to do that is shown. */
function beginOf(group: readonly ReportedCheckpoint[]): number {
  return Math.min(...group.flatMap(({ timeline }) => timeline.map(([, at]) => at)))
}

interface Bar {
  x: number
  width: number
  ms: number
  checkpoint: ReportedCheckpoint
}

/** Places on the lane; what nobody could tell from the one before it, because it begins where that one is drawn, is left out. */
function thin(spans: ReadonlyArray<{ span: Span; checkpoint: ReportedCheckpoint }>, wallMs: number): Bar[] {
  const bars: Bar[] = []
  for (const { span, checkpoint } of spans.toSorted((a, b) => a.span[1] - b.span[1])) {
    const [what, at, ms] = span
    const x = round((at / wallMs) * WIDTH)
    const width = Math.max(LEAST_WIDTH[what], round((ms / wallMs) * WIDTH))
    const last = bars.at(-1)
    if (last === undefined || x + width > last.x + last.width) bars.push({ x, width, ms, checkpoint })
  }
  return bars
}

/** `2 setups in 20 ms, 1 checkpoint in 12 ms, 99 rollbacks in 300 ms` */
function describeSpans(spans: readonly Span[]): string {
  return NAMES.flatMap(what => {
    const times = spans.filter(([kind]) => kind === what).map(([, , ms]) => ms)
    return times.length === 0 ? [] : [`${count(times.length, KINDS[what].noun)} in ${formatMs(sum(times))}`]
  }).join(', ')
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
