import { availableParallelism } from 'node:os'
import { describe, expect, test } from 'vitest'
import { atMost } from './support/at-most.ts'
import { compareRuns } from './support/compare-runs.ts'
import { isOfOrder } from './support/is-of-order.ts'
import { runSuite, type SuiteOptions } from './support/run-suite.ts'
import type { PluginOptions } from './support/suite-config.ts'
import type { SuiteRun } from './support/suite-run.ts'
import { type TargetName, targetNames } from './support/targets.ts'

/** One way to run a corpus, and the options of forkpoint that must not change its outcome. */
interface Case {
  readonly name: string
  readonly run: Omit<SuiteOptions, 'target' | 'plugin'>
  readonly variants: Readonly<Record<string, PluginOptions>>
  /** Runs the corpus once before, plain, and works on the files that left: snapshots written, tests rewritten. */
  readonly again?: true
}

const gate = atMost(Math.max(2, availableParallelism()))

/** For differences that plain runs have among themselves: see `isOfOrder`. */
const ATTEMPTS = 5

/** Runs that several tests compare with are made once. */
const plainRuns = new Map<string, Promise<SuiteRun>>()

function runPlain(options: Omit<SuiteOptions, 'plugin'>): Promise<SuiteRun> {
  const key = JSON.stringify(options)
  const known = plainRuns.get(key)
  if (known) return known
  const run = gate(() => runSuite({ ...options, plugin: false }))
  plainRuns.set(key, run)
  return run
}

const strict = { engine: 'fork', warmup: 0 }
const heap = { engine: 'heap', warmup: 0 }
const beside = { 'three at once': { ...strict, parallel: 3 } }
const hoisted = {
  'every hook hoisted': { ...strict, hoist: true },
  'hoisted where it pays': { hoist: true },
  'every hook hoisted, three at once': { ...strict, hoist: true, parallel: 3 },
}
const inPlace = { 'every hook hoisted, in place': { ...heap, hoist: true } }
const setUp = {
  strict,
  'engine off': { engine: 'off' },
  ...beside,
  'in place': heap,
  'after a warm-up': { engine: 'fork', warmup: 1 },
  auto: {},
}
const everyHook = { 'every hook hoisted': { ...strict, hoist: true } }

function flags(name: string, files: string, ...args: string[]): Case {
  return { name, run: { files, args }, variants: files === 'existing' ? everyHook : { strict } }
}

const cases: readonly Case[] = [
  {
    name: 'suites without setup',
    run: { files: 'idle' },
    variants: { strict, auto: {}, 'engine off': { engine: 'off' } },
  },
  { name: 'suites with hooks', run: { files: 'existing' }, variants: { ...hoisted, ...inPlace } },
  { name: 'suites with setup', run: { files: 'setup' }, variants: setUp },
  { name: 'nested suites in order', run: { files: 'order' }, variants: setUp },
  {
    name: 'in threads with contexts',
    run: { files: 'setup', config: { pool: 'vmThreads' } },
    variants: { 'in place': heap },
  },
  {
    name: 'in processes with contexts',
    run: { files: 'existing', config: { pool: 'vmForks' } },
    variants: inPlace,
  },
  { name: 'snapshots', run: { files: 'snapshots' }, variants: { ...hoisted, ...inPlace } },
  {
    name: 'snapshots, written before, in CI',
    run: { files: 'snapshots', env: { CI: '1' } },
    again: true,
    variants: hoisted,
  },
  { name: 'snapshots, updated', run: { files: 'snapshots', args: ['-u'] }, variants: everyHook },
  ...['v8', 'istanbul'].map(provider => ({
    name: `coverage by ${provider}`,
    run: { files: 'covered', args: ['--coverage', `--coverage.provider=${provider}`] },
    variants: provider === 'v8' ? { ...hoisted, ...inPlace } : hoisted,
  })),
  flags('--bail', 'existing', '--bail=1', '--no-file-parallelism'),
  // Not more than 1: plain Vitest hears of failures in batches and counts them late.
  flags('--bail', 'setup', '--bail=1', '--no-file-parallelism'),
  flags('-t', 'existing', '-t', 'again|nested|first'),
  flags('--shard 1/2', 'existing', '--shard=1/2'),
  flags('--shard 2/2', 'setup', '--shard=2/2'),
  flags('shuffled', 'existing', '--sequence.shuffle.tests', '--sequence.shuffle.files', '--sequence.seed=7'),
  flags('shuffled', 'order', '--sequence.shuffle.tests', '--sequence.seed=11'),
  flags('--retry', 'existing', '--retry=1', 'ledger', 'nested', 'failing-hooks', 'fixtures', 'timeouts'),
  flags('hooks in parallel', 'existing', '--sequence.hooks=parallel', 'nested', 'cleanup', 'printing'),
  flags('hooks as a list', 'order', '--sequence.hooks=list'),
  flags('without isolation', 'setup', '--no-isolate', '--no-file-parallelism'),
  {
    name: 'mocks cleared by configuration',
    run: {
      files: 'existing',
      config: { restoreMocks: true, unstubEnvs: true, unstubGlobals: true },
      args: ['spies', 'modules', 'timers'],
    },
    variants: everyHook,
  },
]

/**
 * What must differ: a setup, or hook, that runs once starts fewer hooks and prints once. Suites without setup may not
 * differ in that either.
 */
function exceptionsOf({ run }: Case): RegExp[] {
  return run.files === 'idle' ? [] : [/\.hooks($|\.)/, /printing-in-hooks\.test\.ts .*\.console\./]
}

const inputs = cases.flatMap(one =>
  Object.entries(one.variants).map(([variant, plugin], index) => ({
    ...one,
    files: one.run.files,
    variant,
    plugin,
    one,
    isMain: index === 0 && one.run.args === undefined && one.run.config === undefined,
  })),
)

/**
 * `npm run test:differential` compares every variant on every version of Vitest. The short form has the first variant of each
 * corpus on each version, and a quarter of the others, on one each in turn.
 */
function inputsFor(target: TargetName): typeof inputs {
  if (process.env.FORKPOINT_DIFFERENTIAL === 'all') return inputs
  const turn = targetNames.indexOf(target)
  return inputs.filter(({ isMain }, index) => isMain || index % (4 * targetNames.length) === 4 * turn)
}

describe.each(targetNames)('%s', target => {
  test.concurrent.each(inputsFor(target))(
    '$name ($files), $variant: as plain Vitest',
    { timeout: 600_000 },
    async input => {
      const { one, plugin } = input
      const files = one.again ? (await runPlain({ target, files: one.run.files })).files : one.run.files
      const run = { ...one.run, target, files }
      for (let attempt = 1; ; attempt++) {
        const [plain, forked] = await Promise.all([
          attempt === 1 ? runPlain(run) : gate(() => runSuite({ ...run, plugin: false })),
          gate(() => runSuite({ ...run, plugin })),
        ])
        expect(plain.captured.reason, plain.stderr).not.toBe('no run')
        const differences = compareRuns(plain, forked, { except: exceptionsOf(one), inOrder: true })
        if (attempt < ATTEMPTS && differences.length > 0 && differences.every(isOfOrder)) continue
        expect(differences.join('\n'), forked.stderr).toBe('')
        break
      }
    },
  )

  test.concurrent('state that only a rollback brings back is back', { timeout: 600_000 }, async () => {
    const run = await gate(() => runSuite({ target, files: 'rollback', plugin: strict }))
    const failed = Object.entries(run.captured.tasks).filter(([, { state }]) => state !== 'passed')
    expect({ exitCode: run.exitCode, failed }).toEqual({ exitCode: 0, failed: [] })
  })
})
