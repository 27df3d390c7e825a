import { intrinsics } from 'forkpoint/adapter'
import type { UserFunction } from './circus.ts'

const { clearTimeout, setTimeout } = intrinsics

/**
 * Calls a hook as circus does: with its time-out, and a callback where it takes one. Gives what it returned.
 *
 * circus has no way to be asked for it outside of a test's own course.
 */
export function callHook(fn: UserFunction, timeoutMs: number): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const takesCallback = fn.length > 0
    const timer = setTimeout(() => reject(timeoutMessage(timeoutMs, takesCallback)), timeoutMs)
    const settle = (end: (value: unknown) => void) => (value: unknown) => {
      clearTimeout(timer)
      end(value)
    }
    try {
      if (takesCallback) {
        fn.call({}, (reason?: unknown) => {
          if (reason) settle(reject)(reason)
          else settle(resolve)(undefined)
        })
        return
      }
      const returned = fn.call({})
      if (isThenable(returned)) returned.then(settle(resolve), settle(reject))
      else settle(resolve)(returned)
    } catch (error) {
      settle(reject)(error)
    }
  })
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as { then?: unknown } | null)?.then === 'function'
}

/** circus' own words, the same in 29.7 and 30. */
function timeoutMessage(ms: number, takesCallback: boolean): string {
  const waiting = takesCallback ? ' while waiting for `done()` to be called' : ''
  return (
    `Exceeded timeout of ${ms} ms for a hook${waiting}.\nAdd a timeout value to this test to increase the timeout, if this ` +
    'is a long-running test. See https://jestjs.io/docs/api#testname-fn-timeout.'
  )
}
