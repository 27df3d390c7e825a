import type { Report, Store } from '../unrestorable.ts'

export type Memory = 'object' | 'bytes' | 'scope' | 'two scopes'

/** A store of which parts can be restored: those whose memory was written. */
export interface LoggedStore extends Store {
  /** What its entries are about, in their order. All that changes one of them writes to its memory. */
  readonly objects: readonly object[]
  /**
   * Whether that is the memory of the object itself, the bytes that it is a view of, or that of the variables that it, a
   * function, sees in the scope next to it, or in the two next to it.
   */
  readonly memory: Memory
  /** As `restore`, for some entries, given in their order. */
  restoreSome(places: Uint32Array, report: Report): number
}

/** Entries that are restored one by one. */
export abstract class EntryStore implements LoggedStore {
  abstract readonly objects: readonly object[]
  readonly memory: Memory = 'object'

  abstract restoreAt(place: number, report: Report): number

  restore(report: Report): number {
    let repairs = 0
    for (let i = 0; i < this.objects.length; i++) repairs += this.restoreAt(i, report)
    return repairs
  }

  restoreSome(places: Uint32Array, report: Report): number {
    let repairs = 0
    for (let i = 0; i < places.length; i++) repairs += this.restoreAt(places[i] as number, report)
    return repairs
  }
}

export function isLogged(store: Store): store is LoggedStore {
  return 'restoreSome' in store
}
