import { isLateGlobal } from '../../late-globals.ts'
import { OwnProperties } from '../kinds/own-properties.ts'
import { ownKeys } from '../uncurried.ts'
import type { Report, Store } from '../unrestorable.ts'

/**
 * Variables of a global object, but for the runner's, and for those that Node has yet to make: they stay, as where setup is
 * re-run. Their order is not kept: some of Node's can't be removed to be put behind others.
 */
export class GlobalState implements Store {
  readonly #own: OwnProperties

  constructor(global: object, isRunnerGlobal: (key: PropertyKey) => boolean) {
    const made = new Set<PropertyKey>(ownKeys(global))
    const isToCome = (key: PropertyKey): boolean => isLateGlobal(key) && !made.has(key)
    this.#own = new OwnProperties(global, key => !isRunnerGlobal(key) && !isToCome(key), false)
  }

  visit(visit: (value: unknown) => void): void {
    this.#own.visit(visit)
  }

  restore(report: Report): number {
    return this.#own.restore(report)
  }
}
