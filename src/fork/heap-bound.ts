import { getHeapStatistics } from 'node:v8'
import { type CollectOptions, collectGarbage } from '../collect-garbage.ts'
import { now } from '../intrinsics.ts'
import type { Addon } from './addon.ts'

/** What V8's heap may hold before it is looked through: so much more than twice what was left of it the last time. */
const SLACK = 2 ** 28

/** What may be resident beside what JavaScript holds, more than the last time it was given back. */
const RESERVE = 2 ** 29

/** Setups that run the plain way come one after the other: a look at each would cost more than it finds. */
const LOOK_MS = 250

/** A look through the heap after which V8 also gives back the pages it keeps for reuse; before Node 24 it keeps few. */
const LAST_RESORT: CollectOptions = { type: 'major', execution: 'sync', flavor: 'last-resort' }

/**
 * Keeps this process from growing with every setup that runs in it. V8 collects its whole heap when it has grown to a
 * multiple of what was alive; a process that stands still while its tests run elsewhere looks to it as if it hardly
 * allocated, so the multiple is the largest, and marking gets so little done between two setups that it takes what they
 * leave for alive. Measured on Node 24, 40 setups of 45 MB: 1.7 GB of garbage, all of it copied by each fork(2). And what
 * was once needed stays resident, in V8's reserve of pages and in the C library's: 2.2 GB after 1,000 setups of 50 MB.
 */
export class HeapBound {
  #limit = SLACK
  #reserveLimit = RESERVE
  #lookedAt = 0

  /** Collects, and gives memory back, if it is time to. To be called where a checkpoint is taken. */
  keep(addon: Addon): void {
    this.#lookedAt = now()
    if (reserveOf(addon) > this.#reserveLimit) {
      collectGarbage(LAST_RESORT)
      addon.trim()
      this.#reserveLimit = Math.max(0, reserveOf(addon)) + RESERVE
    } else if (getHeapStatistics().used_heap_size >= this.#limit) collectGarbage()
    else return
    this.#limit = 2 * getHeapStatistics().used_heap_size + SLACK
  }

  /** As `keep`, where a setup is to run, and not each time. */
  keepAtTimes(addon: Addon): void {
    if (now() - this.#lookedAt >= LOOK_MS) this.keep(addon)
  }
}

/** Resident bytes that JavaScript does not hold. */
function reserveOf(addon: Addon): number {
  const { total_physical_size: heap, external_memory: outside } = getHeapStatistics()
  return addon.residentBytes() - heap - outside
}
