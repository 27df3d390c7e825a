import { subscribe } from 'node:diagnostics_channel'
import { access, readdirSync } from 'node:fs'
import type { Worker } from 'node:worker_threads'
import { trackTimers } from '../timers.ts'
import { gatherHeap } from './gather-heap.ts'

/** What can only be known by having looked before user code ran. */
export interface ProcessWatch {
  /** Threads that were there: Node's own, and those of whatever was loaded first. */
  earlyThreads: ReadonlySet<number>
  /** Worker threads started since that have not ended. */
  liveWorkers(): number
}

/**
 * Starts to watch this process, and to gather what it maps from now on. Light, so that it can be called where nothing else of
 * forkpoint is needed yet.
 */
export function watchProcess(): ProcessWatch {
  gatherHeap()
  trackTimers()
  const workers = new Set<Worker>()
  subscribe('worker_threads', message => {
    const { worker } = message as { worker: Worker }
    workers.add(worker)
    worker.once('exit', () => workers.delete(worker))
  })
  // Starts the thread pool, whose threads can't be told by their names before Node 24.
  access('/', () => {})
  return { earlyThreads: new Set(listThreadIds()), liveWorkers: () => workers.size }
}

/** Empty where the system does not list them. */
function listThreadIds(): number[] {
  try {
    return readdirSync('/proc/self/task').map(Number)
  } catch {
    return []
  }
}
