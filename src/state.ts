import type { annotate, Misplaced } from './annotations/annotate.ts'
import { Cells } from './heap/cells.ts'
import { Exclusions } from './heap/exclusions.ts'
import type { HostGuard } from './host/guard/host-guard.ts'

/** What a runner adapter offers to the functions that people call in their tests. */
export interface Host {
  /** Registers a fixture for the suite that is being defined; throws a ForkpointError when none is. */
  registerSetup(fn: () => unknown, timeout?: number): void
  /** Runs a function when the running test has ended, the newest first; throws a ForkpointError when none is running. */
  registerUndo?(undo: () => unknown): void
  isInTest?(): boolean
}

/** Callbacks around a branch, from `beforeFork` and `afterFork`. */
export interface Callbacks {
  before: Array<() => unknown>
  after: Array<() => unknown>
}

/** Where timers were started. */
export interface TimerNotes {
  /** How many more are noted. */
  left: number
  stacks: WeakMap<object, { stack?: string }>
}

interface State {
  /** What transformed code has exposed: it finds this by the name of the field. */
  cells: Cells
  /** What the heap engine is to leave out. */
  excluded: Exclusions
  host: Host | null
  /** Objects of Node and its built-ins, where the heap engine was prepared before user code ran. */
  boundary: Set<object> | null
  callbacks: Callbacks
  /** In a branch: ends its signs of life. A branch of a branch must not give those of the one it came from. */
  stopBeat: (() => void) | null
  /** Live timers, once they are tracked. */
  timers: Set<object> | null
  timerNotes: TimerNotes | null
  /** What `watchProcess` sees, once it watches. */
  watch: object | null
  /** The heap grows in one piece. */
  isHeapGathered: boolean
  /** Watches host calls, where something does. */
  guard: HostGuard | null
  /** The asynchronous context of `rollbackSafe`, once it is used. */
  safe: object | null
  /** For transformed code, where host calls are watched: it finds this by the name of the field. */
  annotate: typeof annotate | null
  /** Tags of loaded modules that are before no function. */
  misplacedTags: Misplaced[]
  /** What `forkpoint profile` asks for; undefined until somebody has looked whether it does. */
  profile: object | null | undefined
  /** Of this process, and of those it branched from. */
  pids: Set<number>
  /** Where this process is reached from the main one, if it is not by the channel of Node's own. */
  channel: { readonly fd: number; send(value: unknown): void } | null
  /** Where a process is watched by the one that has forked it: how long it may be silent from now on; 0: for ever. */
  allowSilence: ((ms: number) => void) | null
}

const key: unique symbol = Symbol.for('forkpoint.state') as never

/**
 * The one record of this process that all copies of forkpoint share: the CJS and the ESM build, and a copy that a
 * runner has inlined, are different module instances. No other file touches the global.
 */
export function sharedState(): State {
  const holder: { [key]?: State } = globalThis as never
  holder[key] ??= {
    cells: new Cells(),
    excluded: new Exclusions(),
    host: null,
    boundary: null,
    callbacks: { before: [], after: [] },
    stopBeat: null,
    timers: null,
    timerNotes: null,
    watch: null,
    isHeapGathered: false,
    guard: null,
    safe: null,
    annotate: null,
    misplacedTags: [],
    profile: undefined,
    pids: new Set([process.pid]),
    channel: null,
    allowSilence: null,
  }
  return holder[key]
}
