import { callSiteOf } from '../../call-site.ts'
import { type LiveTimer, listTimers, noteTimerStarts, readTimer } from '../../timers.ts'
import type { Leak } from './leak.ts'

/** Timers of a setup, and of a test, of which the line is noted: some 6 microseconds each. Of all that follow it is not known, and they cost nothing. */
const NOTED = 16

/** Whoever starts a timer for no more than this does not wait for it on purpose, and it is over before anybody could care: as those by which runners send their reports in batches. */
const SHORT_MS = 100

/** The timers that a test starts, and leaves waiting; not those that it lets go, by `unref()`. */
export class TimerWatch {
  readonly #noted: number
  #before: ReadonlyMap<object, LiveTimer> = new Map()

  /** @param trace the line of every timer is noted */
  constructor(trace: boolean) {
    this.#noted = trace ? Number.POSITIVE_INFINITY : NOTED
  }

  beginFixture(): void {
    noteTimerStarts(this.#noted)
  }

  /** The stack of a timer holds on to all that its functions see. */
  endFixture(): void {
    noteTimerStarts(0)
  }

  begin(): void {
    const before = new Map<object, LiveTimer>()
    for (const object of listTimers()) {
      const timer = readTimer(object)
      if (timer !== null) before.set(object, timer)
    }
    this.#before = before
    noteTimerStarts(this.#noted)
  }

  /** The test has ended: what starts now is none of its timers. @returns what is left of those that wait now, when it is called */
  end(): () => Leak[] {
    noteTimerStarts(0)
    const before = this.#before
    this.#before = new Map()
    const waiting = [...listTimers()].filter(object => !before.has(object) && readTimer(object)?.hasRef)
    return () => leaksOf(before, waiting)
  }
}

function leaksOf(before: ReadonlyMap<object, LiveTimer>, waiting: readonly object[]): Leak[] {
  if (waiting.length === 0) return []
  const callbacks = new Set([...before.values()].map(({ callback }) => callback))
  const sites = new Set([...before.values()].map(siteOf))
  sites.delete(undefined)
  return waiting.flatMap(object => {
    const timer = readTimer(object)
    if (timer === null) return []
    // One that was there before has fired, and goes on by starting another.
    if (callbacks.has(timer.callback) || sites.has(siteOf(timer))) return []
    return [toLeak(timer)]
  })
}

function siteOf({ stack }: LiveTimer): string | undefined {
  return stack === undefined ? undefined : callSiteOf(stack)
}

function toLeak({ callback, ms, isInterval, stack, clear }: LiveTimer): Leak {
  return {
    kind: 'timer',
    what: isInterval ? `an interval of ${ms} ms` : `a timer of ${ms} ms`,
    call: isInterval ? 'setInterval' : 'setTimeout',
    effect: 'timers',
    resource: '',
    stack: stack ?? null,
    ...(stack === undefined && typeof callback === 'function' ? { code: callback } : {}),
    isLetGo: !isInterval && ms <= SHORT_MS,
    outlives: false,
    close: clear,
  }
}
