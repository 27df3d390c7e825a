import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { below, livingOf, type ProcessEntry, processesOf, waitUntilGone } from './processes.ts'
import { type SuiteOptions, startSuite } from './run-suite.ts'
import type { SuiteRun } from './suite-run.ts'

/** Whom to kill: Vitest's main process, a worker, a process that runs a test, or all at once, as Ctrl-C does. */
export type Victim = 'main' | 'worker' | 'test' | 'group'

export interface Kill {
  readonly victim: Victim
  readonly signal: NodeJS.Signals
  /** Resolves when it is to happen. @param folder where the suite runs */
  readonly moment: (folder: string) => Promise<unknown>
  /** Of several workers, or processes that run tests, which: a number from 0 to 1. */
  readonly pick?: number
  /** A run that has lost one of these would not end by itself: its main process is killed next. */
  readonly isMissed?: Victim
}

export interface Killed {
  /** The role of what was there to be killed: before the first worker is there, main. Null: it had ended by itself. */
  readonly victim: Victim | null
  readonly exitCode: number | null
  readonly signal: NodeJS.Signals | null
  /** Milliseconds from the kill until nothing was left of the victim and what was below it, and of the whole run. */
  readonly victimMs: number
  readonly runMs: number
  /** What was left when the wait for it was given up. */
  readonly leftover: readonly ProcessEntry[]
  readonly run: SuiteRun
}

const isWorker = ({ command }: ProcessEntry): boolean => /vitest[^ ]*workers\/forks|vitest \d+/.test(command)

/** The processes that there are for a role, of which one is picked. */
function candidates(role: Victim, processes: readonly ProcessEntry[], main: number): ProcessEntry[] {
  const workers = processes.filter(process => process.parent === main && isWorker(process))
  if (role === 'worker') return workers
  const forked = workers.flatMap(({ pid }) => below(processes, pid).filter(entry => entry.pid !== pid))
  // The innermost: those around it wait.
  return role === 'test' ? forked.filter(({ pid }) => !forked.some(({ parent }) => parent === pid)) : []
}

/** Runs a suite, sends one signal, and watches what becomes of all processes of the run. */
export async function killRun(options: SuiteOptions, kill: Kill, limitMs: number): Promise<Killed> {
  const mark = `FORKPOINT_TEST_RUN=${randomUUID()}`
  const [name = '', value = ''] = mark.split('=')
  const suite = startSuite({ ...options, env: { ...options.env, [name]: value } })
  const { child } = suite
  const main = child.pid
  if (main === undefined) throw new Error('the run did not start')
  const exit = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>
  const look = (): ProcessEntry[] => livingOf(processesOf(main, mark))
  try {
    await Promise.race([kill.moment(suite.folder.suite), exit])
    const before = look()
    const roles: Victim[] = kill.victim === 'test' ? ['test', 'worker'] : [kill.victim]
    const found = roles.map(role => [role, candidates(role, before, main)] as const)
    const [role, entries] = found.find(([, some]) => some.length > 0) ?? ['main', []]
    let victim: Victim | null = kill.victim === 'group' ? 'group' : role
    const pid = entries[Math.floor((kill.pick ?? 0) * entries.length)]?.pid ?? main
    const family = new Set(below(before, pid).map(entry => entry.pid))
    const began = performance.now()
    try {
      process.kill(victim === 'group' ? -main : pid, kill.signal)
    } catch {
      victim = null
    }
    const ofVictim = await waitUntilGone(() => look().filter(entry => family.has(entry.pid)), limitMs)
    const victimMs = Math.round(performance.now() - began)
    if (victim !== null && victim === kill.isMissed) child.kill('SIGKILL')
    await Promise.race([exit, delay(limitMs, undefined, { ref: false })])
    const leftover = await waitUntilGone(look, limitMs)
    const runMs = Math.round(performance.now() - began)
    for (const entry of leftover) process.kill(entry.pid, 'SIGKILL')
    const [exitCode, signal] = await exit
    const all = [...ofVictim, ...leftover]
    return {
      victim,
      exitCode,
      signal,
      victimMs,
      runMs,
      leftover: all,
      run: suite.read({ exitCode, leftover: [] }),
    }
  } finally {
    for (const entry of look()) process.kill(entry.pid, 'SIGKILL')
    rmSync(suite.folder.root, { recursive: true, force: true })
  }
}
