import { isArray } from '../uncurried.ts'
import type { Report, Store } from '../unrestorable.ts'

/** Calls no trap. */
export function isRevoked(proxy: object): boolean {
  try {
    isArray(proxy)
    return false
  } catch {
    return true
  }
}

/** Proxies that are not revoked: nothing makes one work again. What one stands for is recorded as any other object. */
export class ProxyStore implements Store {
  readonly #live: object[] = []

  add(proxy: object): void {
    this.#live.push(proxy)
  }

  restore(report: Report): number {
    let repairs = 0
    for (const proxy of this.#live) {
      if (!isRevoked(proxy)) continue
      report(proxy, 'it is a proxy that has been revoked')
      repairs++
    }
    return repairs
  }
}
