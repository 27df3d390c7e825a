import { ForkpointError } from './errors.ts'
import { sharedState } from './state.ts'

/**
 * Declares the fixture of a suite. With forkpoint on, `fn` runs once per suite, the state is checkpointed, and every
 * test of the suite (nested suites included) starts from it. With forkpoint off, `fn` runs before each test.
 *
 * The setups of a test's suites run outermost first, before its `aroundEach` and `beforeEach` hooks, in both cases.
 * A function returned by `fn` is its teardown: it runs as often as `fn` does.
 *
 * @param timeout milliseconds `fn` may take; the runner's hook timeout unless given
 * @throws {ForkpointError} `ERR_FORKPOINT_PLACE` outside a suite, inside a test, or without the plugin
 * @example
 * let db: Database
 * setup(async () => {
 *   db = await createDatabase()
 *   return () => db.close()
 * })
 */
export function setup(fn: () => unknown, timeout?: number): void {
  if (typeof fn !== 'function') {
    throw new ForkpointError(
      'ERR_FORKPOINT_PLACE',
      `Failed to register a setup: expected a function, received ${fn === null ? 'null' : typeof fn}.`,
    )
  }
  const { host } = sharedState()
  if (host === null) {
    throw new ForkpointError(
      'ERR_FORKPOINT_PLACE',
      'Failed to register a setup: `setup()` was called outside a test runner. Call it at the top level of a test ' +
        "file or in a `describe`, and add forkpoint to the runner's configuration: " +
        "`plugins: [forkpoint()]` with `import forkpoint from 'forkpoint/vitest'`, or `preset: 'forkpoint'` in Jest.",
    )
  }
  host.registerSetup(fn, timeout)
}
