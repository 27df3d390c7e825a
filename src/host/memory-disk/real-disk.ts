import * as fs from 'node:fs'
import * as promises from 'node:fs/promises'
import type { Call } from '../patches.ts'

/**
 * Node's functions as they were before any was patched. Some of them call others by way of the public object: what runs in
 * `onRealDisk` reaches the real ones there too.
 */
export const real: typeof fs = { ...fs }
export const realPromises: typeof promises = { ...promises }

let depth = 0

/** Patched functions are as good as not patched: a real one is running. */
export function isOnRealDisk(): boolean {
  return depth > 0
}

/** Only as long as `run` has not returned: what it leaves for later is not covered. */
export function onRealDisk<T>(run: () => T): T {
  depth++
  try {
    return run()
  } finally {
    depth--
  }
}

export function callReal(original: Call, self: unknown, args: readonly unknown[]): unknown {
  return onRealDisk(() => Reflect.apply(original, self, args))
}
