import type { Level } from './level.ts'

/** Runs the kept teardowns of a level, newest first: all of them, whatever some throw. What setups' have thrown comes back. */
export async function runTeardowns(level: Level): Promise<unknown[]> {
  const errors: unknown[] = []
  for (const { kind, teardown } of level.takeTeardowns()) {
    try {
      await teardown()
    } catch (error) {
      // A hook's cleanup has run in each test too, which has reported it.
      if (kind === 'setup') errors.push(error)
    }
  }
  return errors
}
