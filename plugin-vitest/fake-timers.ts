import type { Obstacle, RootStore } from 'forkpoint/adapter'
import { vi } from 'vitest'

/** Vitest's clock can't be reached: where a setup has installed it, it can't be put back. */
export function findFakeTimers(): Obstacle[] {
  if (!vi.isFakeTimers()) return []
  const remedy = 'install them in the test, or leave this suite to the fork engine'
  return [{ why: "fake timers are installed, and Vitest's clock can't be put back", remedy }]
}

/** A clock that a test has installed is taken away. It comes before the globals: Vitest puts those back itself. */
export const realTimers: RootStore = {
  visit: () => {},
  restore: () => {
    if (!vi.isFakeTimers()) return 0
    vi.useRealTimers()
    return 1
  },
}
