import { recordTimers } from '../../timers.ts'
import type { RootStore } from '../recording.ts'

/** Timers that a fixture has started: they go on from where they were. Those of others are left alone. */
export class TimerState implements RootStore {
  readonly #restart: () => void

  constructor(others: ReadonlySet<object>) {
    this.#restart = recordTimers(others)
  }

  visit(): void {}

  restore(): number {
    this.#restart()
    return 0
  }
}
