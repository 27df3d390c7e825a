import type { LoggedStore } from './entry-store.ts'
import { WriteLog } from './write-log.ts'

/** After a log that was of no use, so many restores go by without; each time more. */
const PAUSE = 8

/** Entries that may have changed since the last restore, as far as there is a log. */
export class WrittenPlaces {
  readonly #stores: readonly LoggedStore[]
  #log: WriteLog | null
  #pause = PAUSE
  #left = 0

  /** To be called where the stores have just been filled. */
  constructor(stores: readonly LoggedStore[]) {
    this.#stores = stores
    this.#log = WriteLog.begin(stores)
    if (this.#log === null) this.#left = Number.POSITIVE_INFINITY
  }

  /** Null where all entries are to be looked at. */
  take(): ReadonlyMap<LoggedStore, Uint32Array> | null {
    const places = this.#log?.take() ?? null
    if (places === null && this.#log !== null) this.#stop()
    return places
  }

  /** To be called when all is as it should be. */
  note(): void {
    if (this.#log?.noteTaken() === false) this.#stop()
    else if (this.#log === null && --this.#left <= 0) this.#log = WriteLog.begin(this.#stores)
  }

  /** No restore follows. */
  close(): void {
    this.#log?.close()
    this.#log = null
    this.#left = Number.POSITIVE_INFINITY
  }

  #stop(): void {
    this.#log?.close()
    this.#log = null
    this.#left = this.#pause
    this.#pause *= 2
  }
}
