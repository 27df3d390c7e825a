import { join } from 'node:path'
import { cacheFolder } from '../../transform/cache-folder.ts'
import { real } from '../memory-disk/real-disk.ts'

const NAME = /^(\d+)-(\d+)$/

/** Where the journals of a project are: one folder for each process that keeps one. */
export function journalRoot(projectRoot: string): string {
  return join(cacheFolder(projectRoot), 'journal')
}

export function keptFolder(projectRoot: string): string {
  return join(cacheFolder(projectRoot), 'kept')
}

/** Of this process. It is made when something is written to it. */
export function ownJournalFolder(projectRoot: string): string {
  return join(journalRoot(projectRoot), `${process.pid}-${startOf(process.pid) ?? 0}`)
}

/** Folders of processes that have ended without undoing what is in them. */
export function orphanedFolders(projectRoot: string): string[] {
  const root = journalRoot(projectRoot)
  const names = real.existsSync(root) ? real.readdirSync(root) : []
  return names.filter(isOrphaned).map(name => join(root, name))
}

function isOrphaned(name: string): boolean {
  const [, pid, start] = NAME.exec(name) ?? []
  if (pid === undefined) return false
  const current = startOf(Number(pid))
  if (current !== null) return String(current) !== start
  return !isAlive(Number(pid))
}

/** When a process was started, by a clock of the system's: its number alone may be another's later. Null where that is not told. */
function startOf(pid: number): string | null {
  try {
    const stat = real.readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The second field, the name, may hold spaces and parentheses.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null
  } catch {
    return null
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
