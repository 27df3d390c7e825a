import type { RuntimeGlobals } from './circus.ts'

const COUNTERS = ['assertionCalls', 'numPassingAsserts'] as const

/**
 * What a step asserts counts for every test that starts from its state: `run` takes the counts away again, and `repeat` adds
 * those of the last run to the test at hand.
 */
export function countAssertions(
  expect: RuntimeGlobals['expect'],
  body: () => Promise<unknown>,
): { run(): Promise<unknown>; repeat(): void } {
  const read = (): number[] => {
    const state = expect.getState()
    return COUNTERS.map(counter => state[counter] ?? 0)
  }
  const write = (counts: readonly number[]): void => {
    expect.setState(Object.fromEntries(COUNTERS.map((counter, index) => [counter, counts[index] ?? 0])))
  }
  let added = COUNTERS.map(() => 0)
  return {
    run: async () => {
      const before = read()
      try {
        return await body()
      } finally {
        added = read().map((count, index) => count - (before[index] ?? 0))
        if (added.some(count => count !== 0)) write(before)
      }
    },
    repeat: () => {
      if (added.some(count => count !== 0)) write(read().map((count, index) => count + (added[index] ?? 0)))
    },
  }
}
