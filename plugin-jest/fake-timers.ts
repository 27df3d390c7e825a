import type { Obstacle, RootStore } from 'forkpoint/adapter'
import type { Environment } from './environment-class.ts'

/** Jest's clocks, of which the tests have one: by their names in an environment. Private fields, the same in 29.7 and 30. */
interface Clocks {
  fakeTimers?: { _fakingTime?: boolean; useRealTimers(): void } | null
  fakeTimersModern?: { _fakingTime?: boolean; useRealTimers(): void } | null
}

function findInstalled(environment: Environment): { useRealTimers(): void } | undefined {
  const { fakeTimers, fakeTimersModern } = environment as Clocks
  return [fakeTimers, fakeTimersModern].find(clock => clock?._fakingTime) ?? undefined
}

/** A clock keeps variables that can't be reached: where a setup has installed one, it can't be put back. */
export function findFakeTimers(environment: Environment): Obstacle[] {
  if (findInstalled(environment) === undefined) return []
  const remedy = 'install them in the test, or leave this suite to the fork engine'
  return [{ why: "fake timers are installed, and Jest's clock can't be put back", remedy }]
}

/** A clock that a test has installed is taken away. It comes before the globals: Jest puts those back itself. */
export function realTimers(environment: Environment): RootStore {
  return {
    visit: () => {},
    restore: () => {
      const clock = findInstalled(environment)
      clock?.useRealTimers()
      return clock === undefined ? 0 : 1
    },
  }
}
