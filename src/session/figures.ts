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
  #reported = { setups: 0, plainBodies: 0, branchBodies: 0, restores: 0 }

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
    }
  }

  /** What came since `startAfresh`. */
  fresh(): Pick<Figures, 'setups' | 'plainBodies' | 'branchBodies' | 'restores'> {
    return {
      setups: this.setups.slice(this.#reported.setups),
      plainBodies: this.plainBodies.slice(this.#reported.plainBodies),
      branchBodies: this.branchBodies.slice(this.#reported.branchBodies),
      restores: this.restores.slice(this.#reported.restores),
    }
  }
}
