import type { CheckpointRecord, FileRecord } from './run-record.ts'
import { savingsOf } from './savings.ts'
import { count, type Manner, type Section } from './section.ts'
import { formatCount, formatMb, formatMs, median, percentile, sum } from './statistics.ts'

/** Checkpoints and restores with their cost, and whether they paid. */
export function describeCheckpoints(files: readonly FileRecord[], manner: Manner): Section[] {
  const checkpoints = files.flatMap(file => file.checkpoints)
  if (checkpoints.length === 0) return []
  const used = checkpoints.filter(({ restores }) => restores > 0)
  if (used.length === 0) return [{ label: 'Checkpoints', lines: ['none taken'] }]
  const restoreMs = used.flatMap(record => record.restoreMs)
  const restores = sum(used.map(record => record.restores))
  return [
    {
      label: 'Checkpoints',
      lines: [
        `${used.length} taken in ${formatMs(sum(used.map(record => record.takeMs)))}, ${describeSize(used)}`,
      ],
    },
    {
      label: 'Restores',
      lines: [
        `${restores}, median ${formatMs(median(restoreMs))}, p95 ${formatMs(percentile(restoreMs, 95))}`,
      ],
    },
    { label: 'Saved', lines: [describeSavings(used, manner)] },
  ]
}

/** Of the processes that stood at the checkpoints, and of what the heap engine has recorded: a restore takes the longer the more it is. */
function describeSize(used: readonly CheckpointRecord[]): string {
  const sizes = used.map(({ residentMb }) => residentMb)
  const largest = formatMb(percentile(sizes, 100))
  const resident =
    used.length === 1 ? `${largest} resident` : `${formatMb(median(sizes))} resident, at most ${largest}`
  return describeObjects(used) + resident
}

function describeObjects(used: readonly CheckpointRecord[]): string {
  const counts = used.flatMap(({ objects }) => objects ?? [])
  if (counts.length === 0) return ''
  const most = counts.length === 1 ? '' : ` (at most ${formatCount(percentile(counts, 100))})`
  return `${formatCount(median(counts))} objects${most}, `
}

function describeSavings(used: readonly CheckpointRecord[], { style }: Manner): string {
  const { setupMs, spentMs } = savingsOf(used)
  const files = new Set(used.map(({ file }) => file)).size
  const scope = files > 1 ? `, summed over ${count(files, 'file')}` : ''
  const balance = `${formatMs(setupMs)} of setup not run, ${formatMs(spentMs)} spent on rolling back${scope}`
  // A first setup also loads and compiles: one that would have been run again would have taken less.
  const bound = used.every(({ setupRuns }) => setupRuns < 2) ? 'up to ' : ''
  return setupMs > spentMs
    ? style.bold(style.green(`${bound}${formatMs(setupMs - spentMs)}`)) + style.dim(` (${balance})`)
    : style.yellow('nothing, forkpoint did not pay') + style.dim(` (${balance})`)
}
