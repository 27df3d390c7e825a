import { describe, expect, test } from 'vitest'
import { differencesOf } from '../support/compare-runs.ts'
import type { JestTargetName } from '../support/jest-targets.ts'
import { type JestOptions, runJest, type Variant } from '../support/run-jest.ts'

const strict = { engine: 'fork', warmup: 0 }
const heap = { engine: 'heap', warmup: 0 }

/** One way to run a corpus, and the options of forkpoint that must not change its outcome. */
interface Case {
  readonly name: string
  readonly targets: readonly JestTargetName[]
  readonly files?: string
  readonly run?: Omit<JestOptions<string>, 'target' | 'variants' | 'files'>
  readonly variants?: Readonly<Record<string, Variant>>
  readonly except?: readonly RegExp[]
}

const first: readonly JestTargetName[] = ['Jest 30, Node 20']
const others: readonly JestTargetName[] = ['Jest 30, Node 24', 'Jest 29.7, Node 20']
const all = [...first, ...others]

const cases: readonly Case[] = [
  {
    name: 'as it is',
    targets: first,
    variants: {
      heap,
      'every hook hoisted': { ...strict, hoist: true },
      'after a warm-up': { engine: 'fork', warmup: 1 },
    },
  },
  { name: 'as it is', targets: others, variants: { strict, heap } },
  {
    name: '--randomize',
    targets: ['Jest 30, Node 20', 'Jest 29.7, Node 20'],
    run: { args: ['--randomize', '--seed=7', 'ledger|hooks|retry|order'] },
  },
  {
    name: '--randomize, -t and --shard',
    targets: first,
    variants: { heap },
    run: {
      args: [
        '--randomize',
        '--seed=7',
        '--shard=1/2',
        '-t',
        'nested|again|first',
        'ledger|hooks|kinds|snapshots',
      ],
    },
  },
  {
    name: 'every suite rolled back',
    targets: first,
    variants: {
      'scope all': { ...strict, scope: 'all' },
      'side by side': { ...strict, parallel: 3 },
      auto: {},
      'engine off': { engine: 'off' },
    },
    run: { args: ['ledger|kinds|snapshots|mocks|only|assertions'] },
  },
  { name: '-t', targets: first, run: { args: ['-t', 'nested|again|first', 'ledger|hooks|kinds|snapshots'] } },
  {
    name: 'modules that a setup isolates',
    files: 'jest-isolated',
    targets: first,
    variants: { strict, heap, warm: { engine: 'fork', warmup: 1 } },
  },
  {
    name: 'modules and mocks put back by Jest',
    targets: first,
    run: {
      args: ['mocks|modules'],
      config: { resetModules: true, restoreMocks: true, clearMocks: true },
    },
  },
  { name: '-i', targets: first, run: { args: ['-i', 'ledger|printing|stored'] } },
  ...['babel', 'v8'].map(coverageProvider => ({
    name: `coverage by ${coverageProvider}`,
    // What V8 counts differs from one Node to the next.
    targets: coverageProvider === 'v8' ? all : first,
    files: 'jest-covered',
    variants: { strict, heap, 'side by side': { ...strict, parallel: 3 } },
    run: {
      args: ['--coverage'],
      config: { collectCoverageFrom: ['src/**'] },
      runConfig: { coverageProvider },
    },
    // V8 makes one block of neighbours that have run equally often, which setup run once changes.
    except: coverageProvider === 'v8' ? [/\.(?:branchMap|b)\./] : [],
  })),
  {
    name: 'ES modules',
    targets: all,
    files: 'jest-esm',
    variants: { strict, heap },
    run: {
      config: { testMatch: ['**/*.test.mjs'] },
      env: { NODE_OPTIONS: '--experimental-vm-modules' },
    },
  },
]

/** In `npm run test:differential` only. */
const longer: readonly Case[] = [
  { name: '--randomize', targets: first, variants: { heap }, run: { args: ['--randomize', '--seed=7'] } },
  { name: '-t', targets: first, variants: { heap }, run: { args: ['-t', 'nested|again|first'] } },
  ...[1, 2].map(shard => ({
    name: `--shard=${shard}/2`,
    targets: first,
    variants: { heap },
    run: { args: [`--shard=${shard}/2`] },
  })),
]

const chosen = process.env.FORKPOINT_DIFFERENTIAL === 'all' ? [...cases, ...longer] : cases
const inputs = chosen.flatMap(({ targets, ...one }) => targets.map(target => ({ ...one, target })))

describe('the corpus has the same outcome as under plain Jest', () => {
  test.each(inputs)('$target: $name', { timeout: 300_000 }, async input => {
    const { target, run, files = 'jest', variants = { strict }, except = [] } = input
    const {
      variants: runs,
      stderr,
      leftover,
    } = await runJest({
      ...run,
      target,
      files,
      variants: { plain: false, ...variants } as Record<string, Variant>,
    })
    const { plain, ...forked } = runs
    expect(Object.keys(plain?.tested ?? {}), stderr).not.toEqual([])
    for (const [name, other] of Object.entries(forked)) {
      expect.soft(differencesOf(plain, other, { except }).join('\n'), name).toBe('')
    }
    expect(leftover).toEqual([])
  })
})
