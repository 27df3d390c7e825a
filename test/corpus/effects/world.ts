import { existsSync, lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { getPriority } from 'node:os'
import { join } from 'node:path'

/** Handles of these kinds, as Node calls them, that keep a process alive. */
const HANDLES = new Set(['FSEventWrap', 'StatWatcher', 'TCPServerWrap', 'UDPWrap', 'MessagePort', 'Worker'])

/** All outside of the memory of this process that the rows change: of the disk, of the process, of what it holds open. */
export function describeWorld(folder: string): Record<string, unknown> {
  return {
    disk: describeTree(folder),
    declared: existsSync(join(folder, '../declared.txt')),
    process: {
      env: process.env.FORKPOINT_EFFECTS,
      folder: process.cwd(),
      mask: process.umask(),
      title: process.title,
      exitCode: process.exitCode,
      listeners: process.listenerCount('SIGUSR2'),
      priority: getPriority(),
    },
    open: openFiles().filter(path => path.startsWith(folder)),
    handles: process
      .getActiveResourcesInfo()
      .filter(kind => HANDLES.has(kind))
      .sort(),
  }
}

function describeTree(folder: string): Record<string, string> {
  const names = readdirSync(folder, { recursive: true }).map(String).sort()
  return Object.fromEntries(names.map(name => [name, describe(join(folder, name))]))
}

function describe(path: string): string {
  const stats = lstatSync(path)
  const mode = (stats.mode & 0o7777).toString(8)
  if (stats.isSymbolicLink()) return `-> ${readlinkSync(path)}`
  if (stats.isDirectory()) return `folder ${mode}`
  return `${mode} ${Math.round(stats.mtimeMs)} ${readFileSync(path, 'latin1')}`
}

function openFiles(): string[] {
  return readdirSync('/proc/self/fd').flatMap(fd => {
    try {
      return [readlinkSync(`/proc/self/fd/${fd}`)]
    } catch {
      return []
    }
  })
}
