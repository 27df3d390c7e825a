// What 'forkpoint' is without forkpoint: the plain side of a comparison resolves it to this.
import { beforeEach } from 'vitest'

/**
 * @param {() => unknown} fn
 * @param {number} [timeout]
 */
export const setup = (fn, timeout) => beforeEach(() => fn(), timeout)

// Nothing is checkpointed.
export const beforeFork = () => {}
export const afterFork = () => {}

// Nothing is watched.
export const rollbackSafe = fn => fn()
