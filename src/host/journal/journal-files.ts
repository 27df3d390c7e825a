import { basename, dirname, join } from 'node:path'
import { real } from '../memory-disk/real-disk.ts'

const LOG = /^.+\.log$/
const IMAGE = /^(.+\.log)\.\d+$/
const FRESH = /\.log-new$/

/** The journal of this name in a folder. */
export function journalAt(folder: string, name: string): string {
  return join(folder, `${name.replaceAll(/[^\w-]/g, '_')}.log`)
}

/** Where a journal's content goes that is too large for it. */
export function imageOf(journal: string, number: number): string {
  return `${journal}.${number}`
}

/** Where a journal is written that is to take the place of another one. */
export function freshOf(journal: string): string {
  return `${journal}-new`
}

export function listJournals(folder: string): string[] {
  return real
    .readdirSync(folder)
    .filter(name => LOG.test(name))
    .map(name => join(folder, name))
}

/** Removes a folder of journals that are undone, with contents that none of them speaks of, and what was written by half. What could be kept nowhere else stays. */
export function removeIfDone(folder: string): void {
  const names = real.readdirSync(folder)
  const left = names.filter(name => {
    const journal = IMAGE.exec(name)?.[1]
    const isStray = FRESH.test(name) || (journal !== undefined && !names.includes(journal))
    if (isStray) real.unlinkSync(join(folder, name))
    return !isStray
  })
  if (left.length === 0) real.rmdirSync(folder)
}

/** All contents that were put beside the journal. */
export function removeImages(journal: string, names: Iterable<string>): void {
  for (const name of names) real.rmSync(join(dirname(journal), basename(name)), { force: true })
}
