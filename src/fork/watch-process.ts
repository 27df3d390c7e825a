import { subscribe } from 'node:diagnostics_channel'
import { readdirSync, readlinkSync } from 'node:fs'
import type { Worker } from 'node:worker_threads'
import { sharedState } from '../state.ts'
import { trackTimers } from '../timers.ts'
import { setLateFlags } from './set-late-flags.ts'
import { startNamelessPool } from './thread-pool.ts'
import { type OpeningsWatch, watchOpenings } from './watch-openings.ts'

/** What can only be known by having looked before user code ran. */
export interface ProcessWatch {
  /** Threads that were there: Node's own, and those of whatever was loaded first; and those of pools that are allowed. */
  earlyThreads: Set<number>
  /** The process whose own pool of threads is among the early ones. */
  poolKnownIn: number
  /** Ids of the sockets that were there: standard streams, the runner's channel. */
  earlySockets: ReadonlySet<number>
  /** Worker threads started since that have not ended. */
  liveWorkers(): number
  /** Connections and child processes opened since. */
  openings: OpeningsWatch
  /**
   * Native code is called whose threads, if it starts some, are idle between its calls; a branch must not call it. What comes back is to be
   * called when it has returned.
   */
  allowPool(): () => void
  /** Such code has started some. */
  readonly hasPools: boolean
}

/**
 * Starts to watch this process. It is watched once: what one test file leaves behind was not there before user code.
 * Light, so that it can be called where nothing else of forkpoint is needed yet.
 */
export function watchProcess(): ProcessWatch {
  const state = sharedState()
  state.watch ??= startWatching()
  return state.watch as ProcessWatch
}

function startWatching(): ProcessWatch {
  trackTimers()
  setLateFlags()
  const workers = new Set<Worker>()
  subscribe('worker_threads', message => {
    const { worker } = message as { worker: Worker }
    workers.add(worker)
    worker.once('exit', () => workers.delete(worker))
  })
  startNamelessPool()
  const earlyThreads = new Set(listThreadIds())
  let hasPools = false
  return {
    earlyThreads,
    poolKnownIn: process.pid,
    earlySockets: new Set(listSocketIds()),
    liveWorkers: () => workers.size,
    openings: watchOpenings(),
    allowPool: () => {
      const before = new Set(listThreadIds())
      return () => {
        const started = listThreadIds().filter(id => !before.has(id))
        for (const id of started) earlyThreads.add(id)
        hasPools ||= started.length > 0
      }
    },
    get hasPools() {
      return hasPools
    },
  }
}

/** In a process that has branched before user code: what it has now was there before user code, and not what its parent had. */
export function renewWatch(): void {
  const watch = sharedState().watch as ProcessWatch | null
  if (watch === null) return
  startNamelessPool()
  watch.poolKnownIn = process.pid
  refill(watch.earlyThreads, listThreadIds())
  refill(watch.earlySockets as Set<number>, listSocketIds())
}

function refill(set: Set<number>, values: readonly number[]): void {
  set.clear()
  for (const value of values) set.add(value)
}

/** Empty where the system does not list them. */
function listThreadIds(): number[] {
  try {
    return readdirSync('/proc/self/task').map(Number)
  } catch {
    return []
  }
}

/** Empty where the system does not list them. */
function listSocketIds(): number[] {
  const folder = '/proc/self/fd'
  try {
    return readdirSync(folder).flatMap(fd => {
      const id = /^socket:\[(\d+)\]$/.exec(readLink(`${folder}/${fd}`))?.[1]
      return id === undefined ? [] : [Number(id)]
    })
  } catch {
    return []
  }
}

/** Empty for one that has been closed since it was listed. */
function readLink(path: string): string {
  try {
    return readlinkSync(path)
  } catch {
    return ''
  }
}
