import type { Addon } from '../fork/addon.ts'
import { CallLog } from './read-log.ts'

/** The logs of children, in memory that they share with this process: what is in them outlives a crash. */
export class CallLogs {
  readonly #addon: Addon
  readonly #free: ArrayBuffer[] = []
  readonly #used = new Map<number, ArrayBuffer>()
  /** Children that have crashed, whose logs nobody has read yet. */
  readonly #crashed = new Set<number>()

  constructor(addon: Addon) {
    this.#addon = addon
  }

  /** For a child that is about to be forked. @param living children that may still write to theirs */
  take(living: ReadonlySet<number>): ArrayBuffer {
    for (const [pid, memory] of this.#used) {
      if (living.has(pid) || this.#crashed.has(pid)) continue
      this.#used.delete(pid)
      this.#free.push(memory)
    }
    const memory = this.#free.pop() ?? this.#addon.openCallLog()
    new CallLog(memory).clear()
    return memory
  }

  give(pid: number, memory: ArrayBuffer): void {
    this.#used.set(pid, memory)
  }

  noteCrash(pid: number): void {
    this.#crashed.add(pid)
  }

  /** Once: the log of a child that has crashed. */
  takeCrashed(pid: number): CallLog | null {
    const memory = this.#used.get(pid)
    this.#crashed.delete(pid)
    return memory === undefined ? null : new CallLog(memory).copy()
  }

  /** In a child: those are its parent's. */
  startAfresh(): void {
    this.#free.length = 0
    this.#used.clear()
    this.#crashed.clear()
  }
}
