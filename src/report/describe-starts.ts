import { groupBy } from './group-by.ts'
import { count, type Manner, type Section, shorten } from './section.ts'
import type { LeftFile, StartsRecord } from './starts-record.ts'
import { formatMs, sum } from './statistics.ts'

/** With `files: 'fork'`: how many test files were forked, what they did not have to import, and which were left to the runner and why. */
export function describeStarts(starts: StartsRecord | undefined, manner: Manner): Section[] {
  if (starts === undefined) return []
  const forked = starts.forked > 0 ? [describeForked(starts, manner)] : []
  return [{ label: 'Files', lines: [...forked, ...shorten(describeLeft(starts.left, manner), manner)] }]
}

function describeForked({ forked, zygotes }: StartsRecord, { style }: Manner): string {
  const modules = sum(zygotes.map(({ preloaded }) => preloaded.length))
  const saved = importMsNotSpent(zygotes)
  const imports =
    modules === 0
      ? ''
      : `, ${count(modules, 'module')} imported once: up to ${formatMs(saved)} of imports not spent`
  const from = zygotes.length === 1 ? 'one warm process' : `${zygotes.length} warm processes`
  return style.bold(style.green(`${forked} forked`)) + style.dim(` from ${from}${imports}`)
}

/** What the imports that all files of a zygote have in common would have taken once more in each. */
export function importMsNotSpent(zygotes: StartsRecord['zygotes']): number {
  return sum(zygotes.map(({ preloaded, files }) => (files - 1) * sum(preloaded.map(({ ms }) => ms))))
}

function describeLeft(left: readonly LeftFile[], { showPath }: Manner): string[] {
  return groupBy(left, ({ why, remedy }) => `${why}\n${remedy}`).map(group => {
    const [first] = group
    const which =
      first.file === '' ? 'all' : group.length === 1 ? showPath(first.file) : count(group.length, 'file')
    return `${which} left to the runner: ${first.why}; ${first.remedy}`
  })
}
