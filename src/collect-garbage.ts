import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** As V8's `gc()` takes them; a version that does not know one ignores it. */
export interface CollectOptions {
  type: 'major' | 'minor'
  execution: 'sync'
  flavor?: 'last-resort'
}

type Collect = (options?: CollectOptions) => void

let collect: Collect | null = null

/** Has V8 collect garbage now; without options, all of it. */
export function collectGarbage(options?: CollectOptions): void {
  collect ??= findCollector()
  collect(options)
}

/** V8's own `gc()`, which only contexts made under a flag have: the user's get it only where they had it before. */
function findCollector(): Collect {
  const look = (): Collect | undefined => runInNewContext('globalThis.gc')
  const exposed = look()
  if (exposed !== undefined) return exposed
  setFlagsFromString('--expose-gc')
  const found = look()
  setFlagsFromString('--no-expose-gc')
  return found ?? (() => {})
}
