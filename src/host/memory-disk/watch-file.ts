import { EventEmitter } from 'node:events'
import type { BigIntStats, Stats } from 'node:fs'
import { resolve } from 'node:path'
import { clearInterval, setInterval } from '../../intrinsics.ts'
import type { Call } from '../patches.ts'
import type { Form } from './forms.ts'
import { readOptions, readPath } from './read-arguments.ts'
import { noStats } from './stats.ts'

type AnyStats = Stats | BigIntStats

/** What `fs.watchFile` returns. */
class StatWatcher extends EventEmitter {
  readonly timer: NodeJS.Timeout

  constructor(look: () => AnyStats, interval: number) {
    super()
    let last = look()
    this.timer = setInterval(() => {
      const present = look()
      if (!isSame(last, present)) this.emit('change', present, last)
      last = present
    }, interval)
  }

  ref(): this {
    this.timer.ref()
    return this
  }

  unref(): this {
    this.timer.unref()
    return this
  }
}

function isSame(a: AnyStats, b: AnyStats): boolean {
  return a.ino === b.ino && a.size === b.size && a.mtimeMs === b.mtimeMs && a.ctimeMs === b.ctimeMs
}

/** Node looks at the disk itself; this looks at what stands over it. */
export class FileWatchers {
  readonly #watchers = new Map<string, StatWatcher>()
  readonly #isOurs: Form['isOurs']
  readonly #stat: Call

  /** @param stat the synchronous `stat` of both layers */
  constructor(isOurs: Form['isOurs'], stat: Call) {
    this.#isOurs = isOurs
    this.#stat = stat
  }

  watchForm(original: Call): Call {
    const watchers = this
    return function call(this: unknown, ...args) {
      const path = readPath(args[0])
      const listener = args.find(arg => typeof arg === 'function') as Call | undefined
      if (path === null || listener === undefined || !watchers.#isOurs(call, false)) {
        return Reflect.apply(original, this, args)
      }
      const {
        interval = 5007,
        persistent = true,
        bigint = false,
      } = readOptions(typeof args[1] === 'function' ? undefined : args[1])
      const key = resolve(path)
      const look = (): AnyStats =>
        (watchers.#stat(key, { bigint, throwIfNoEntry: false }) ?? noStats(bigint === true)) as AnyStats
      const watcher = watchers.#watchers.get(key) ?? new StatWatcher(look, Number(interval))
      watchers.#watchers.set(key, watcher)
      if (persistent === false) watcher.unref()
      return watcher.on('change', listener as (...told: unknown[]) => void)
    }
  }

  unwatchForm(original: Call): Call {
    const watchers = this.#watchers
    return function call(this: unknown, ...args) {
      const [given, listener] = args
      const key = resolve(readPath(given) ?? '')
      const watcher = watchers.get(key)
      if (watcher === undefined) return Reflect.apply(original, this, args)
      if (typeof listener === 'function') watcher.off('change', listener as () => void)
      else watcher.removeAllListeners('change')
      if (watcher.listenerCount('change') > 0) return undefined
      clearInterval(watcher.timer)
      watchers.delete(key)
      return undefined
    }
  }
}
