import { access } from 'node:fs'
import type { Addon } from './addon.ts'

/** Threads of libuv's pool have names of their own since Node 24. */
const IS_NAMELESS = Number(process.versions.node.split('.')[0]) < 24

/** libuv's default, and its limit. */
const USUAL_SIZE = 4
const MOST = 1024

/** Starts the pool's threads, if they can't be told by their names, so that they are there before user code. */
export function startNamelessPool(): void {
  if (IS_NAMELESS) access('/', () => {})
}

/**
 * Which of `strangers` are this process's pool: a branch has none at its birth, and gets one with its first piece of work.
 * To start it in every branch was tried: 1.2 ms a test (Node 20, 300 tests; 2.9 without).
 *
 * @param strangers ids of threads that have begun since this process was forked
 */
export function findPool(
  { startThreadPool, threads }: Pick<Addon, 'startThreadPool' | 'threads'>,
  strangers: readonly number[],
): readonly number[] {
  if (!IS_NAMELESS) return []
  const before = new Set(threads().map(([id]) => id))
  startThreadPool()
  const started = threads().flatMap(([id]) => (before.has(id) ? [] : [id]))
  // It was there if nothing has started. Then it is all of them, as far as they are not more than it has.
  if (started.length > 0) return started
  return strangers.length <= poolSize() ? strangers : []
}

function poolSize(): number {
  const wanted = process.env.UV_THREADPOOL_SIZE
  return wanted === undefined ? USUAL_SIZE : Math.min(Math.max(Number.parseInt(wanted, 10) || 1, 1), MOST)
}
