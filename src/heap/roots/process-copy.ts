import { OwnProperties } from '../kinds/own-properties.ts'
import type { RootStore } from '../recording.ts'
import type { Report } from '../unrestorable.ts'

type Visit = (value: unknown) => void

/** What code in a context of node:vm has as `process`, where that is an object of its own: its properties, the environment and listeners. */
export class ProcessCopy implements RootStore {
  readonly #own: OwnProperties

  /** Null where the process itself is shown, or none. */
  static of(global: typeof globalThis): ProcessCopy | null {
    const shown = global.process as typeof process | undefined
    return shown === undefined || shown === process ? null : new ProcessCopy(shown)
  }

  private constructor(copy: object) {
    this.#own = new OwnProperties(copy)
  }

  visit(visit: Visit): void {
    this.#own.visit(visit)
  }

  restore(report: Report): number {
    return this.#own.restore(report)
  }
}
