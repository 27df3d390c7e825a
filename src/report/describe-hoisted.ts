import type { FileRecord } from './run-record.ts'
import { count, type Manner, type Section } from './section.ts'
import { sum } from './statistics.ts'

/** How many hooks `hoist` ran once per suite, or could have where nothing was rolled back, and how many it left alone; with trace, where and why. */
export function describeHoisted(files: readonly FileRecord[], { style, trace, showPath }: Manner): Section[] {
  const hoisted = sum(files.map(file => file.hoisted))
  const left = files.flatMap(({ file, notHoisted }) => notHoisted.map(hook => ({ file, ...hook })))
  if (hoisted === 0 && left.length === 0) return []
  const isDone = files.some(({ checkpoints }) => checkpoints.some(({ restores }) => restores > 0))
  const alone = left.length === 0 ? '' : `, ${left.length} left alone`
  const where = left.map(({ file, site, why }) => `${showPath(site ?? file)}${style.dim(`: ${why}`)}`)
  return [
    {
      label: 'Hoisted',
      lines: [
        `${count(hoisted, 'hook')} ${isDone ? 'run' : 'that can be run'} once per suite${alone}`,
        ...(trace ? where : []),
      ],
    },
  ]
}
