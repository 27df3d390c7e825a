import * as inspector from 'node:inspector'
import { isMainThread } from 'node:worker_threads'
import type { Refusal } from '../engine.ts'
import { now } from '../intrinsics.ts'
import type { Addon, AddonRefusal, ThreadEntry } from './addon.ts'
import { missingFlags, SHORT_FLAGS } from './start-flags.ts'
import { findPool } from './thread-pool.ts'
import type { ProcessWatch } from './watch-process.ts'

/** What the checks look at; a test replaces single entries. */
export interface Surroundings {
  platform: string
  isMainThread: boolean
  execArgv: readonly string[]
  addon: Addon | AddonRefusal
  inspectorUrl(): string | undefined
  liveWorkers(): number
  /** Names of threads that are neither Node's own nor were here before user code. */
  unknownThreads(): string[]
}

/** What is the same for all processes of a run. */
type Machine = Pick<Surroundings, 'platform' | 'addon'>

interface Precondition<Seen> {
  check: string
  /** Why it does not hold, or null. */
  why(around: Seen): string | null
  remedy(around: Seen): string
}

/** Node's own threads, by the names it gives them since version 24. */
const KNOWN_THREADS = /^(libuv-worker|V8Worker|DelayedTaskSche|SignalInspector|node:.*)$/

/** Names of main threads. A thread begins with that of the one which has started it, and takes its own a moment later. */
const NOT_YET_NAMED = /^(MainThread|node)$/

/** How long that moment may be on a busy machine. */
const NAMING_MS = 50

const OF_MACHINE: readonly Precondition<Machine>[] = [
  {
    check: 'platform',
    why: ({ platform }) =>
      platform === 'linux' || platform === 'darwin' ? null : `fork(2) does not exist on ${platform}`,
    remedy: () => "leave the engine to 'auto', which takes the heap engine here",
  },
  {
    check: 'addon',
    why: ({ addon }) => ('why' in addon ? addon.why : null),
    remedy: ({ addon }) => ('why' in addon ? addon.remedy : ''),
  },
]

const OF_PROCESS: readonly Precondition<Surroundings>[] = [
  {
    check: 'main thread',
    why: around =>
      around.isMainThread
        ? null
        : 'the tests run in a worker thread, and fork(2) copies only the calling thread',
    remedy: () => "run them in processes: remove the pool option, or set it to 'forks'",
  },
  {
    check: 'start flags',
    why: ({ execArgv }) => {
      const missing = missingFlags(execArgv)
      return missing.length === 0 ? null : `Node was started without ${missing.join(' and ')}`
    },
    remedy: () => `start it as: node ${SHORT_FLAGS.join(' ')}`,
  },
  {
    check: 'debugger',
    why: around =>
      around.inspectorUrl() === undefined
        ? null
        : 'a debugger is attached, and a forked process can not be debugged',
    remedy: () => 'debug without rollback, or run without --inspect',
  },
  {
    check: 'worker threads',
    why: around => {
      const count = around.liveWorkers()
      return count === 0
        ? null
        : `${count} worker ${count === 1 ? 'thread is' : 'threads are'} alive, and would be dead in every test`
    },
    remedy: () => 'terminate workers before the setup returns, or start them in the test',
  },
  {
    check: 'unknown threads',
    why: around => {
      const names = around.unknownThreads()
      return names.length === 0
        ? null
        : `native code has started threads that would be dead in every test: ${names.join(', ')}`
    },
    remedy: () => 'stop the native library before the setup returns, or use it in the test only',
  },
]

const nothing = new Int32Array(new SharedArrayBuffer(4))

/** Blocks this thread: what is waited for happens in another one. */
const sleep = (ms: number): unknown => Atomics.wait(nothing, 0, 0, ms)

/** The first precondition of the fork engine that does not hold, or null. */
export function findRefusal(around: Surroundings): Refusal | null {
  return findMachineRefusal(around) ?? firstOf(OF_PROCESS, around)
}

/** The first that does not hold in any process here: for one that only starts those which are rolled back. */
export function findMachineRefusal(around: Machine): Refusal | null {
  return firstOf(OF_MACHINE, around)
}

function firstOf<Seen>(preconditions: readonly Precondition<Seen>[], around: Seen): Refusal | null {
  for (const { check, why, remedy } of preconditions) {
    const reason = why(around)
    if (reason !== null) return { engine: 'fork', check, why: reason, remedy: remedy(around) }
  }
  return null
}

/** This process, with what `watchProcess` saw of it before user code ran. */
export function surveyProcess(
  addon: Addon | AddonRefusal,
  watch: Pick<ProcessWatch, 'earlyThreads' | 'liveWorkers' | 'poolKnownIn'>,
): Surroundings {
  return {
    platform: process.platform,
    isMainThread,
    execArgv: process.execArgv,
    addon,
    inspectorUrl: inspector.url,
    liveWorkers: watch.liveWorkers,
    unknownThreads: () => {
      if ('why' in addon) return []
      const look = (): string[] => [...new Set(listStrangers(addon, watch).map(([, name]) => name))]
      const end = now() + NAMING_MS
      let names = look()
      while (names.some(name => NOT_YET_NAMED.test(name)) && now() < end) {
        sleep(1)
        names = look()
      }
      return names
    },
  }
}

function listStrangers(
  addon: Addon,
  watch: Pick<ProcessWatch, 'earlyThreads' | 'poolKnownIn'>,
): ThreadEntry[] {
  const isStrange = ([id, name]: ThreadEntry): boolean =>
    !watch.earlyThreads.has(id) && !KNOWN_THREADS.test(name)
  const strangers = addon.threads().filter(isStrange)
  if (strangers.length === 0 || watch.poolKnownIn === process.pid) return strangers
  watch.poolKnownIn = process.pid
  const pool = findPool(
    addon,
    strangers.map(([id]) => id),
  )
  for (const id of pool) watch.earlyThreads.add(id)
  return strangers.filter(isStrange)
}
