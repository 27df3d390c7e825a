import { inspect } from 'node:util'
import type { Report, Store } from '../unrestorable.ts'

const isPending = (promise: Promise<unknown>): boolean =>
  inspect(promise, { customInspect: false, depth: 0, getters: false }).includes('<pending>')

/** Promises that are pending: nothing makes one pending again. */
export class PromiseStore implements Store {
  readonly #pending: Promise<unknown>[] = []

  /** False for one that is settled: it stays so. */
  add(promise: Promise<unknown>): boolean {
    if (!isPending(promise)) return false
    this.#pending.push(promise)
    return true
  }

  restore(report: Report): number {
    let repairs = 0
    for (const promise of this.#pending) {
      if (isPending(promise)) continue
      report(promise, 'it was pending at the checkpoint, and has been settled')
      repairs++
    }
    return repairs
  }
}
