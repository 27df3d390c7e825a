import { OwnProperties } from '../kinds/own-properties.ts'
import type { Report, Store } from '../unrestorable.ts'

/** Variables of a global object, but for the runner's. Their order is not kept: some of Node's can't be removed to be put behind others. */
export class GlobalState implements Store {
  readonly #own: OwnProperties

  constructor(global: object, isRunnerGlobal: (key: PropertyKey) => boolean) {
    this.#own = new OwnProperties(global, key => !isRunnerGlobal(key), false)
  }

  visit(visit: (value: unknown) => void): void {
    this.#own.visit(visit)
  }

  restore(report: Report): number {
    return this.#own.restore(report)
  }
}
