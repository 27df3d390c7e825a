import { describe, expect, test } from 'vitest'
import { differencesOf } from '../support/compare-runs.ts'
import type { JestTargetName } from '../support/jest-targets.ts'
import { type JestOptions, runJest, type Variant } from '../support/run-jest.ts'

const strict = { engine: 'fork', warmup: 0 }

/** One way to run the corpus, and the options of forkpoint that must not change its outcome. */
interface Case {
  readonly name: string
  readonly targets: readonly JestTargetName[]
  readonly run?: Omit<JestOptions<string>, 'target' | 'variants' | 'files'>
  readonly variants: Readonly<Record<string, Variant>>
}

const cases: readonly Case[] = [
  {
    name: 'as it is',
    targets: ['Jest 30, Node 20'],
    variants: { strict, 'after a warm-up': { engine: 'fork', warmup: 1 }, auto: {}, off: { engine: 'off' } },
  },
  { name: 'as it is', targets: ['Jest 30, Node 24', 'Jest 29.7, Node 20'], variants: { strict } },
]

const inputs = cases.flatMap(({ targets, ...one }) => targets.map(target => ({ ...one, target })))

describe('the corpus has the same outcome as under plain Jest', () => {
  test.each(inputs)('$target: $name', { timeout: 300_000 }, async ({ target, run, variants }) => {
    const all = { plain: false as const, ...variants }
    const {
      variants: runs,
      stderr,
      leftover,
    } = await runJest({ ...run, target, files: 'jest', variants: all })
    const { plain, ...others } = runs
    expect(Object.keys(plain.tested), stderr).not.toEqual([])
    for (const [name, other] of Object.entries(others)) {
      expect.soft(differencesOf(plain, other).join('\n'), name).toBe('')
    }
    expect(leftover).toEqual([])
  })
})
