import type { Addon, MemoryLog } from '../../fork/addon.ts'
import type { LoggedStore, Memory } from './entry-store.ts'
import { makeOld } from './make-old.ts'
import { loadMemoryLogs, openLog } from './memory-logs.ts'
import { noteAll } from './note-all.ts'

/** Less is looked through in less time than it takes to ask what was written. */
const LEAST = 10_000

/** Where more than one in so many was written the log costs more than it saves: to take note of one entry takes as long as to look at eight. */
const MOST = 8

/**
 * Which entries of stores may have changed, told by the memory that was written: a restore looks at those alone. The kernel
 * notices writes by pages of 4 KB, whoever makes them, so there are always some entries more; never one less.
 */
export class WriteLog {
  readonly #addon: Addon
  readonly #log: MemoryLog
  readonly #stores: readonly LoggedStore[]
  /** The number of the first entry of each store, and of what would come after the last. */
  readonly #starts: readonly number[]
  /** Of which it can't be told whether they were written. */
  #always: Uint32Array = new Uint32Array(0)
  #taken: Uint32Array = new Uint32Array(0)

  private constructor(addon: Addon, log: MemoryLog, stores: readonly LoggedStore[]) {
    this.#addon = addon
    this.#log = log
    this.#stores = stores
    const starts = [0]
    for (const { objects } of stores) starts.push((starts[starts.length - 1] ?? 0) + objects.length)
    this.#starts = starts
  }

  /** Begins to take note, unless it is not worth it or can't be done here. To be called where the stores were just filled. */
  static begin(stores: readonly LoggedStore[]): WriteLog | null {
    const count = stores.reduce((sum, { objects }) => sum + objects.length, 0)
    const addon = count < LEAST ? null : loadMemoryLogs()
    const memory = addon && openLog(addon)
    if (!addon || !memory) return null
    const log = new WriteLog(addon, memory, stores)
    // What is moved looks as if it had changed.
    makeOld()
    return log.#note(Uint32Array.from({ length: count }, (_, i) => i)) ? log : null
  }

  /** The entries of each store that may have changed since the last time; null where that is not worth it: the log is of no use any more. */
  take(): ReadonlyMap<LoggedStore, Uint32Array> | null {
    try {
      this.#taken = this.#addon.takeWritten(this.#log)
    } catch {
      return null
    }
    const total = this.#starts[this.#starts.length - 1] ?? 0
    if (this.#taken.length * MOST > total) return null
    const units = this.#always.length > 0 ? merge(this.#taken, this.#always) : this.#taken
    let at = 0
    return new Map(
      this.#stores.map((store, index) => {
        const begin = this.#starts[index] ?? 0
        const end = this.#starts[index + 1] ?? 0
        const first = at
        while (at < units.length && (units[at] as number) < end) at++
        return [store, units.slice(first, at).map(unit => unit - begin)]
      }),
    )
  }

  /** To be called when all that was taken is as it should be; false when no more notes can be taken. */
  noteTaken(): boolean {
    const taken = this.#taken
    this.#taken = new Uint32Array(0)
    return taken.length === 0 || this.#note(taken)
  }

  close(): void {
    this.#addon.closeLog(this.#log)
  }

  #note(units: Uint32Array): boolean {
    const lists = new Map<Memory, { objects: object[]; units: number[] }>()
    let at = 0
    this.#stores.forEach((store, index) => {
      const begin = this.#starts[index] ?? 0
      const end = this.#starts[index + 1] ?? 0
      if (at >= units.length || (units[at] as number) >= end) return
      const list = lists.get(store.memory) ?? { objects: [], units: [] }
      lists.set(store.memory, list)
      const all = store.objects
      for (; at < units.length && (units[at] as number) < end; at++) {
        const unit = units[at] as number
        list.objects.push(all[unit - begin] as object)
        list.units.push(unit)
      }
    })
    try {
      for (const [memory, list] of lists) {
        const others = noteAll(this.#addon, this.#log, memory, list.objects, Uint32Array.from(list.units))
        if (others.length > 0) this.#always = merge(this.#always, others)
      }
      return true
    } catch {
      // Out of memory, or of mappings: then all is looked at each time.
      return false
    }
  }
}

function merge(a: Uint32Array, b: Uint32Array): Uint32Array {
  return Uint32Array.from(new Set([...a, ...b])).sort()
}
