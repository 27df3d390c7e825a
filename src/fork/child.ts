import { takeCoverage } from 'node:v8'
import { clearInterval, setImmediate, setInterval } from '../intrinsics.ts'
import { sharedState } from '../state.ts'
import { ignoreTimer } from '../timers.ts'
import type { Addon } from './addon.ts'
import { encodeResult, writeBeat } from './channel.ts'
import { dropRandomAhead } from './drop-random-ahead.ts'

/** Ten times and more in the shortest silence that ends a test. */
const BEAT_MS = 100

/**
 * Runs in the process that will branch what every child runs of Node's own functions: else each child would compile them
 * again. Measured on Node 20: 0.9 ms a child.
 */
export function rehearseChild(): void {
  dropRandomAhead()
  const timer = setInterval(() => {}, BEAT_MS)
  ignoreTimer(timer)
  clearInterval(timer)
  encodeResult({})
}

/**
 * Turns this process, just forked, into one that can live and end by itself, and returns its way to end.
 *
 * - `process.pid` is remembered by Node and would be the parent's.
 * - All of Node's own ways out run exit handlers that join threads which do not exist here, and crash: leave by `_exit`.
 * - On an empty loop Node waits for background tasks that no thread will run: a timer keeps it from becoming empty, and tells the
 *   parent that the loop turns.
 */
export function becomeChild(addon: Addon, fd: number): (value: unknown) => Promise<never> {
  const nothing = Buffer.alloc(0)
  Object.defineProperty(process, 'pid', {
    value: addon.pid(),
    configurable: true,
    enumerable: true,
    writable: true,
  })
  const leave = (code?: number): never => addon.finish(fd, nothing, code ?? Number(process.exitCode ?? 0))
  Object.defineProperty(process, 'reallyExit', { value: leave, configurable: true, writable: true })
  if (process.listenerCount('uncaughtException') === 0) {
    process.on('uncaughtException', error => {
      process.stderr.write(`Uncaught ${error instanceof Error ? error.stack : String(error)}\n`)
      leave(1)
    })
  }
  const state = sharedState()
  state.pids.add(process.pid)
  state.stopBeat?.()
  dropRandomAhead()
  const keepAlive = setInterval(() => writeBeat(fd), BEAT_MS)
  ignoreTimer(keepAlive)
  state.stopBeat = () => clearInterval(keepAlive)

  return async value => {
    await new Promise(resolve => setImmediate(resolve))
    // What is large takes its time to be encoded, and that is not the test's.
    writeBeat(fd)
    // After the last turn of the loop: what comes in until then may still change the value.
    const frame = encodeResult(value)
    if (process.env.NODE_V8_COVERAGE) takeCoverage()
    state.stopBeat?.()
    return addon.finish(fd, frame, 0)
  }
}
