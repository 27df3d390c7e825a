import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'

export interface ProcessEntry {
  readonly pid: number
  readonly parent: number
  readonly isZombie: boolean
  /** The program and its arguments; a zombie has only its name. */
  readonly command: string
}

/** A file of /proc, or nothing when its process has ended. */
function read(pid: string, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8')
  } catch {
    return ''
  }
}

/**
 * The processes of a session, and with a mark those that carry it in their environment. A zombie has lost its environment, and
 * one that made a session of its own has left the run's: together they miss nothing but a zombie in a session of its own.
 */
export function processesOf(session: number, mark?: string): ProcessEntry[] {
  const numbers = readdirSync('/proc').filter(name => /^\d+$/.test(name))
  return numbers.flatMap(name => {
    const [, own = '', rest = ''] = /\((.*)\) (.*)/.exec(read(name, 'stat')) ?? []
    const [state, parent, , itsSession] = rest.split(' ')
    const isMarked = (): boolean => mark !== undefined && read(name, 'environ').includes(mark)
    if (rest === '' || (Number(itsSession) !== session && !isMarked())) return []
    const command = read(name, 'cmdline').replaceAll('\0', ' ').trim() || own
    return [{ pid: Number(name), parent: Number(parent), isZombie: state === 'Z' || state === 'X', command }]
  })
}

/** Without the zombies whose parent has died: those are the system's to bury. */
export function livingOf(processes: readonly ProcessEntry[]): ProcessEntry[] {
  const pids = new Set(processes.map(({ pid }) => pid))
  return processes.filter(({ isZombie, parent }) => !isZombie || pids.has(parent))
}

/** Waits until none of the processes that `look` sees is left. @returns those that are, after `limitMs` */
export async function waitUntilGone(look: () => ProcessEntry[], limitMs: number): Promise<ProcessEntry[]> {
  const end = performance.now() + limitMs
  for (;;) {
    const left = look()
    if (left.length === 0 || performance.now() > end) return left
    await delay(10)
  }
}

/** Those of the processes that are `root` or below it. */
export function below(processes: readonly ProcessEntry[], root: number): ProcessEntry[] {
  const own = processes.filter(({ pid }) => pid === root)
  const children = processes.filter(({ parent }) => parent === root)
  return [...own, ...children.flatMap(({ pid }) => below(processes, pid))]
}
