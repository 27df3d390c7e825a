import { getHeapStatistics, setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** What V8's heap may hold before it is looked through: so much more than twice what was left of it the last time. */
const SLACK = 2 ** 28

/**
 * Keeps V8's heap from growing with every setup that runs in this process. V8 collects its whole heap when it has grown to a
 * multiple of what was alive; a process that stands still while its tests run elsewhere looks to it as if it hardly
 * allocated, so the multiple is the largest, and marking gets so little done between two setups that it takes what they
 * leave for alive. Measured on Node 24, 40 setups of 45 MB: 1.7 GB of garbage, all of it copied by each fork(2).
 */
export class HeapBound {
  #limit = SLACK
  #collect: (() => void) | null = null

  /** Collects if it is time to. To be called where a checkpoint is taken. */
  keep(): void {
    if (getHeapStatistics().used_heap_size < this.#limit) return
    this.#collect ??= findCollector()
    this.#collect()
    this.#limit = 2 * getHeapStatistics().used_heap_size + SLACK
  }
}

/** V8's own `gc()`, which only contexts made under a flag have: the user's get it only where they had it before. */
function findCollector(): () => void {
  const look = (): (() => void) | undefined => runInNewContext('globalThis.gc')
  const exposed = look()
  if (exposed !== undefined) return exposed
  setFlagsFromString('--expose-gc')
  const collect = look()
  setFlagsFromString('--no-expose-gc')
  return collect ?? (() => {})
}
