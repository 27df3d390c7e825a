import { describe, expect, test } from 'vitest'
import { attributesJournal } from '../../src/heap/attributes-journal.ts'
import { loadNatives, type Natives } from '../../src/heap/natives.ts'
import { Recording } from '../../src/heap/recording.ts'
import { weakJournal } from '../../src/heap/weak-journal.ts'
import { boundary, firstDifference, GraphDescriber } from './describe-graph.ts'
import { buildGraph, makeRandom, mutateGraph } from './random-graph.ts'

const ROUNDS = 3
const GRAPHS = Number(process.env.FORKPOINT_GRAPHS ?? 100)
const FIRST_SEED = Number(process.env.FORKPOINT_SEED ?? 1)

function fuzz(natives: Natives | null): void {
  let flagged = 0
  for (let seed = FIRST_SEED; seed < FIRST_SEED + GRAPHS; seed++) {
    const random = makeRandom(seed)
    const pool = buildGraph(random, 250)
    const describer = new GraphDescriber()
    const before = describer.describe(pool)
    const recording = Recording.take(
      { cells: [], stores: [{ visit: visit => visit(pool), restore: () => 0 }] },
      {
        natives,
        boundary,
        privates: [],
        weak: weakJournal(),
        attributes: attributesJournal(),
        isJournalWhole: () => true,
      },
    )
    for (let round = 0; round < ROUNDS; round++) {
      mutateGraph(random, pool, 300)
      const { unrestorable } = recording.restore()
      const difference = firstDifference(before, describer.describe(pool))
      // What can't be put back is told; what is not told is the same.
      if (unrestorable.length > 0) {
        flagged++
        break
      }
      expect({ seed, round, difference }).toEqual({ seed, round, difference: null })
      expect({ seed, round, ...recording.restore() }).toEqual({ seed, round, repairs: 0, unrestorable: [] })
    }
    recording.release()
  }
  expect(flagged).toBeLessThan(GRAPHS / 2)
}

describe('a random graph is the same after any changes and a restore', () => {
  test('with the natives of V8', () => {
    const natives = loadNatives()
    expect(natives).not.toBeNull()
    fuzz(natives)
  })

  test('without them', () => {
    fuzz(null)
  })
})
