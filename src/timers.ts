import { captureStack } from './call-site.ts'
import { clearTimeout, setTimeout } from './intrinsics.ts'
import { sharedState, type TimerNotes } from './state.ts'

/** What Node keeps on a timer, the same from Node 20 to 26: a timer is live while it has a callback and is not destroyed. */
interface NodeTimer {
  refresh(): void
  hasRef(): boolean
  _onTimeout: (() => void) | null
  _idleStart: number
  _idleTimeout: number
  _destroyed: boolean
  /** Milliseconds, of an interval. */
  _repeat: number | null
}

const sample = setTimeout(() => {}, 0)
clearTimeout(sample)
/** Whatever the timer's own properties and prototype are by then. */
const { refresh, hasRef } = Object.getPrototypeOf(sample) as NodeTimer

/** The same in all copies of forkpoint: a timer is watched by the one that was first, and held by another. */
const CALLBACK: unique symbol = Symbol.for('forkpoint.timer') as never

type Watched = NodeTimer & { [CALLBACK]?: NodeTimer['_onTimeout'] | undefined }

const liveTimers = (): Set<NodeTimer> => {
  const state = sharedState()
  state.timers ??= new Set()
  return state.timers as Set<NodeTimer>
}

function timerNotes(): TimerNotes {
  const state = sharedState()
  state.timerNotes ??= { left: 0, stacks: new WeakMap() }
  return state.timerNotes
}

/**
 * Keeps a list of this process's timers from now on; Node has none to be asked for. All of them, whoever made them and
 * through whatever copy of `setTimeout`: each is given its callback, and that is watched.
 */
export function trackTimers(): void {
  if (sharedState().timers !== null) return
  const live = liveTimers()
  const notes = timerNotes()
  const probe = setTimeout(() => {}, 0)
  clearTimeout(probe)
  function start(this: Watched, callback: NodeTimer['_onTimeout'] | undefined): void {
    this[CALLBACK] = callback
    // A timer that is cleared gets null, and undefined from Node 24 on.
    if (callback === null || callback === undefined) {
      live.delete(this)
      notes.stacks.delete(this)
      return
    }
    live.add(this)
    if (notes.left <= 0) return
    notes.left--
    notes.stacks.set(this, captureStack(start))
  }
  Object.defineProperty(Object.getPrototypeOf(probe), '_onTimeout', {
    configurable: true,
    get(this: Watched) {
      // Read to be called: one that fires once is done, and must not be kept from being collected.
      if (this._repeat === null) live.delete(this)
      return this[CALLBACK]
    },
    set: start,
  })
}

/** Takes note of the lines that start the next timers: of so many, as each stack costs ten times what the timer does. */
export function noteTimerStarts(many: number): void {
  timerNotes().left = many
}

/** A tracked timer that waits. */
export interface LiveTimer {
  /** What it will call. */
  callback: unknown
  ms: number
  isInterval: boolean
  hasRef: boolean
  /** Where it was started, if that was noted. */
  stack: { stack?: string } | undefined
  clear(): void
}

/** Null for one that has fired, or was cleared. */
export function readTimer(object: object): LiveTimer | null {
  const timer = object as Watched & NodeJS.Timeout
  const callback = timer[CALLBACK] ?? null
  if (timer._destroyed || callback === null) return null
  return {
    callback,
    ms: timer._idleTimeout,
    isInterval: timer._repeat !== null,
    hasRef: hasRef.call(timer),
    stack: timerNotes().stacks.get(timer),
    clear: () => clearTimeout(timer),
  }
}

/** A timer that is never held: one that belongs to a process, and not to the state that is rolled back. */
export function ignoreTimer(timer: NodeJS.Timeout): void {
  liveTimers().delete(timer as unknown as NodeTimer)
}

/**
 * Stops all tracked timers with the time they have left: while a process stands at a checkpoint none of them may move its
 * state. The function that is returned lets them go on, once.
 */
export function holdTimers(): () => void {
  const now = loopTime()
  const held = [...liveTimers()]
    .filter(timer => !timer._destroyed)
    .map(timer => ({
      timer,
      callback: timer._onTimeout,
      left: Math.max(1, timer._idleStart + timer._idleTimeout - now),
    }))
  for (const { timer } of held) clearTimeout(timer as unknown as NodeJS.Timeout)
  return () => {
    for (const { timer, callback, left } of held.splice(0)) {
      timer._onTimeout = callback
      timer._idleTimeout = left
      refresh.call(timer)
    }
  }
}

/** Live timers of this process, as far as they are tracked. */
export function listTimers(): ReadonlySet<object> {
  return new Set(liveTimers())
}

/**
 * Takes note of the live timers but for `others`. The function that is returned has them all go on with the time they have left
 * now, whether they have fired, were cleared, or are waiting.
 */
export function recordTimers(others: ReadonlySet<object>): () => void {
  const now = loopTime()
  const recorded = [...liveTimers()]
    .filter(timer => !timer._destroyed && !others.has(timer))
    .map(timer => ({
      timer,
      callback: timer._onTimeout,
      repeat: timer._repeat,
      left: Math.max(1, timer._idleStart + timer._idleTimeout - now),
    }))
  return () => {
    for (const { timer, callback, repeat, left } of recorded) {
      clearTimeout(timer as unknown as NodeJS.Timeout)
      timer._repeat = repeat
      timer._onTimeout = callback
      timer._idleTimeout = left
      refresh.call(timer)
    }
  }
}

/** The event loop's clock, on which timers count. */
function loopTime(): number {
  const probe = setTimeout(() => {}, 2 ** 30)
  const time = (probe as unknown as NodeTimer)._idleStart
  clearTimeout(probe)
  return time
}
