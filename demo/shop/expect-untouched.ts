import type { PGlite } from '@electric-sql/pglite'
import { expect } from 'vitest'
import { type Census, takeCensus } from './census.ts'
import { seeded } from './seeded.ts'

/** Fails when any other test left a trace. `changes` is what the setup of the test's own suite added to the seed. */
export async function expectUntouched(db: PGlite, changes: Partial<Census> = {}): Promise<void> {
  expect(await takeCensus(db)).toEqual({
    ...seeded,
    rows: { ...seeded.rows, ...changes.rows },
    sequences: { ...seeded.sequences, ...changes.sequences },
  })
}
