/**
 * Built-ins as they were before user code ran: fake timers and spies replace the globals, and forkpoint's own
 * waiting and measuring must not notice. Import this file before any user code, and import nothing here but Node.
 */
import { performance } from 'node:perf_hooks'
import * as v8 from 'node:v8'

export const setTimeout: typeof globalThis.setTimeout = globalThis.setTimeout
export const clearTimeout: typeof globalThis.clearTimeout = globalThis.clearTimeout
export const setInterval: typeof globalThis.setInterval = globalThis.setInterval
export const clearInterval: typeof globalThis.clearInterval = globalThis.clearInterval
export const setImmediate: typeof globalThis.setImmediate = globalThis.setImmediate
export const clearImmediate: typeof globalThis.clearImmediate = globalThis.clearImmediate
export const queueMicrotask: typeof globalThis.queueMicrotask = globalThis.queueMicrotask

/** Milliseconds since the epoch. */
export const dateNow: () => number = Date.now
/** Milliseconds on the monotonic clock, with fractions; for durations. */
export const now: () => number = performance.now.bind(performance)
/** When that clock began, in milliseconds since the epoch. */
export const timeOrigin: number = performance.timeOrigin

export const random: typeof Math.random = Math.random

const { nodeTiming } = performance
/** How often the event loop has begun a turn. */
export const loopCount = (): number => nodeTiming.uvMetricsInfo.loopCount

export const parseJson: typeof JSON.parse = JSON.parse
export const stringifyJson: typeof JSON.stringify = JSON.stringify

export const serialize: typeof v8.serialize = v8.serialize

export const getHeapStatistics: typeof v8.getHeapStatistics = v8.getHeapStatistics
