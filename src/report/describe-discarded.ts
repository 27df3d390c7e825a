import { dirname } from 'node:path'
import type { Discarded, FileRecord } from './run-record.ts'
import { count, type Manner, placeOf, type Section } from './section.ts'
import { sum } from './statistics.ts'

const KINDS = ['changed', 'created', 'deleted'] as const

/** What tests have done to files that only they saw: `2 files changed, 1 created`, in each try that did so; with trace every path. */
export function describeDiscarded(files: readonly FileRecord[], manner: Manner): Section[] {
  const all = files.flatMap(({ discarded = [] }) => discarded)
  if (all.length === 0) return []
  const totals = KINDS.map(kind => ({ kind, total: sum(all.map(each => each[kind].length)) })).filter(
    ({ total }) => total > 0,
  )
  const parts = totals.map(
    ({ kind, total }, index) => `${index === 0 ? count(total, 'file') : total} ${kind}`,
  )
  const more = all.some(({ isCut }) => isCut) ? ' and more' : ''
  const line = `${parts.join(', ')}${more}, and gone with the tests${describeKept(all, manner)}`
  return [
    {
      label: 'Overlay',
      lines: [line, ...(manner.trace ? all.flatMap(each => listPaths(each, manner)) : [])],
    },
  ]
}

/** The folder that those of all tests are in. */
function describeKept(all: readonly Discarded[], { showPath }: Manner): string {
  const folders = all.flatMap(({ keptIn }) => (keptIn === undefined ? [] : [dirname(dirname(keptIn))]))
  const [folder] = folders
  const failed = sum(all.map(({ notKept = 0 }) => notKept))
  if (folder === undefined) return ''
  return `; copies are in ${showPath(folder)}${failed > 0 ? `, but for ${failed} that could not be copied` : ''}`
}

function listPaths(each: Discarded, manner: Manner): string[] {
  const paths = KINDS.flatMap(kind => each[kind].map(path => `    ${kind} ${manner.showPath(path)}`))
  return [manner.style.dim([`  ${placeOf(each, manner)}`, ...paths].join('\n'))]
}
