import { sharedState } from 'forkpoint/adapter'
import type { Test } from './internals.ts'

/**
 * Where the process of a test file is watched by the one that has forked it: tells that one how long the tests that run here may
 * be silent, which a process is that does not come to its event loop.
 */
export class TestSilence {
  /** Past a test's own timeout. */
  readonly #graceMs: number
  readonly #running = new Map<string, number>()
  #allowedMs = 0

  constructor(graceMs: number) {
    this.#graceMs = graceMs
  }

  begin({ id, timeout }: Test): void {
    const isTimed = Number.isFinite(timeout) && timeout > 0
    this.#running.set(id, isTimed ? timeout + this.#graceMs : 0)
    this.#tell()
  }

  end({ id }: Test): void {
    if (this.#running.delete(id)) this.#tell()
  }

  /** As long as the most patient of the tests that run now. */
  #tell(): void {
    const all = [...this.#running.values()]
    const ms = all.includes(0) ? 0 : Math.max(0, ...all)
    if (ms === this.#allowedMs) return
    this.#allowedMs = ms
    sharedState().allowSilence?.(ms)
  }
}
