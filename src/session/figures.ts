import { now, timeOrigin } from '../intrinsics.ts'
import type { Span } from '../report/run-record.ts'
import { median } from '../report/statistics.ts'

/** What was measured of one suite's fixture, in milliseconds. */
export class Figures {
  /** One entry per run of the whole chain of steps. */
  readonly setups: number[] = []
  /** Bodies of tests run in this process, in order: the first ones are cold. */
  readonly plainBodies: number[] = []
  /** Bodies of tests run in branches. */
  readonly branchBodies: number[] = []
  /** What each branch cost beyond its body. */
  readonly restores: number[] = []
  /** The same, as what was done when. */
  readonly #timeline: Span[] = []
  #reported = { setups: 0, plainBodies: 0, branchBodies: 0, restores: 0, timeline: 0 }

  /** Something has ended that took so long; `endedAgo` it ended. */
  note(what: Span[0], ms: number, endedAgo = 0): void {
    this.#timeline.push([what, timeOrigin + now() - ms - endedAgo, ms])
    if (what !== 'take') this.#listOf(what).push(ms)
  }

  #listOf(what: Exclude<Span[0], 'take'>): number[] {
    if (what === 'setup') return this.setups
    if (what === 'restore') return this.restores
    return what === 'test' ? this.branchBodies : this.plainBodies
  }

  /** One setup as it would be if run again: the first run also loads and compiles, so later ones count when there are any. */
  get setupMs(): number {
    return this.setups.length > 1 ? median(this.setups.slice(1)) : (this.setups[0] ?? 0)
  }

  /** A body in a warm process; 0 while unknown. */
  get warmBodyMs(): number {
    if (this.plainBodies.length > 1) return median(this.plainBodies.slice(1))
    return this.plainBodies[0] ?? 0
  }

  /** What is here now is reported by another process; decisions still rest on it. */
  startAfresh(): void {
    this.#reported = {
      setups: this.setups.length,
      plainBodies: this.plainBodies.length,
      branchBodies: this.branchBodies.length,
      restores: this.restores.length,
      timeline: this.#timeline.length,
    }
  }

  /** What came since `startAfresh`. */
  fresh(): Pick<Figures, 'setups' | 'plainBodies' | 'branchBodies' | 'restores'> & { timeline: Span[] } {
    return {
      setups: this.setups.slice(this.#reported.setups),
      plainBodies: this.plainBodies.slice(this.#reported.plainBodies),
      branchBodies: this.branchBodies.slice(this.#reported.branchBodies),
      restores: this.restores.slice(this.#reported.restores),
      timeline: this.#timeline.slice(this.#reported.timeline),
    }
  }
}
