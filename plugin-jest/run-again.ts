import { createRequire } from 'node:module'
import type { CircusState, Test } from './circus.ts'
import { missing } from './jest-modules.ts'

interface Circus {
  getState(): CircusState
  resetState(): void
  run(): Promise<unknown>
}

/** Runs a test with its hooks, and notes in it what became of it. */
export type RunAgain = (test: Test, testTimeout: number) => Promise<void>

/**
 * A second circus, in Node's realm: it does with a test what that of the tests does, and nobody hears of it.
 *
 * @param testRunner the path of the first one's
 */
export function loadSecondCircus(testRunner: string): RunAgain {
  const { getState, resetState, run } = createRequire(testRunner)('jest-circus') as Partial<Circus>
  if (getState === undefined || resetState === undefined || run === undefined)
    throw missing('`run` of jest-circus')
  return async (test, testTimeout) => {
    resetState()
    const state = getState()
    state.testTimeout = testTimeout
    state.rootDescribeBlock.children.push(test)
    await run()
    resetState()
  }
}
