import { describe, expect, test } from 'vitest'
import { jestOutcomes, runJest, type VariantRun } from '../support/run-jest.ts'

const target = 'Jest 30, Node 20'
const strict = { engine: 'fork', warmup: 0 }

/** Each setup that runs leaves a mark on the disk. */
const files = {
  'one.test.js': `
    const { appendFileSync } = require('node:fs')
    const { setup } = require('forkpoint')
    let list
    setup(() => { list = []; appendFileSync(__dirname + '/setups', '.') })
    test.each([1, 2, 3])('test %i', () => { expect(list).toEqual([]); list.push(1) })
  `,
}

const passed = {
  'one.test.js > test 1': 'passed',
  'one.test.js > test 2': 'passed',
  'one.test.js > test 3': 'passed',
}

const summaryOf = (stderr: string): string[] =>
  stderr.slice(stderr.indexOf('  Forkpoint ')).trimEnd().split('\n')

/** How a run with nothing but these options went: outcomes, how often the setup ran, and the summary. */
async function look(
  variant: Readonly<Record<string, unknown>>,
  options: Partial<Parameters<typeof runJest>[0]> = {},
): Promise<{ outcomes: Record<string, string>; setups: number; summary: string[]; leftover: string[] }> {
  const { variants, stderr, leftover } = await runJest({ target, files, ...options, variants: { variant } })
  const run = variants.variant as VariantRun
  return {
    outcomes: jestOutcomes(run),
    setups: run.files.setups?.length ?? 0,
    summary: summaryOf(stderr),
    leftover,
  }
}

describe("where the fork engine can't run, setups are re-run and the summary says why", () => {
  test.concurrent.each([
    [
      'detectOpenHandles',
      { args: ['--detectOpenHandles'] },
      "fork engine can't run here: Jest looks for what tests leave behind (`detectOpenHandles`), and would not see that of tests that " +
        'run in processes of their own; look for it in a run of its own, with FORKPOINT=off, and remove the option here',
    ],
  ])('%s', async (_, options, why) => {
    const { outcomes, setups, summary } = await look({}, options)
    expect({ outcomes, setups, why: summary.at(1)?.trim() }).toEqual({ outcomes: passed, setups: 3, why })
  })
})

test.concurrent('in worker threads the heap engine runs, and the summary says why', async () => {
  const options = { runConfig: { workerThreads: true }, args: ['--maxWorkers=2'] }
  const { outcomes, setups, summary } = await look({ warmup: 0 }, options)
  expect({ outcomes, setups, engine: summary.slice(0, 2).map(line => line.trim()) }).toEqual({
    outcomes: passed,
    setups: 1,
    engine: [
      'Forkpoint  heap engine: its preconditions hold here',
      "fork engine can't run here: the tests run in worker threads (`workerThreads`), and fork(2) copies only the calling thread; remove the option",
    ],
  })
})

test.concurrent('a worker that is restarted after each file rolls back too', async () => {
  const run = await look(strict, { runConfig: { workerIdleMemoryLimit: '1MB' }, args: ['--maxWorkers=2'] })
  expect(run).toMatchObject({ outcomes: passed, setups: 1, leftover: [] })
})

test.concurrent("without forkpoint's runner setups are re-run, and one line says why", async () => {
  const config = { runner: 'jest-runner' }
  const { variants, stderr } = await runJest({ target, files, variants: { variant: {} }, config })
  expect(variants.variant.files.setups).toBe('...')
  expect(stderr.split('\n').filter(line => line.includes('forkpoint]'))).toEqual([
    '[forkpoint] Setups are re-run for every test: Node was started without --single-threaded and --v8-pool-size=1; have ' +
      "forkpoint's runner start it: `preset: 'forkpoint'`, or `runner: 'forkpoint/jest/runner'`",
  ])
})

test.concurrent('the heap engine needs nothing but the environment', async () => {
  const config = { preset: undefined, testEnvironment: 'forkpoint/jest' }
  const variants = { variant: { engine: 'heap', warmup: 0 } }
  const { variants: runs, stderr } = await runJest({ target, files, variants, config })
  expect([jestOutcomes(runs.variant), runs.variant.files.setups, stderr]).toEqual([
    passed,
    '.',
    expect.not.stringContaining('forkpoint]'),
  ])
})

test.concurrent('with the heap engine Jest looks for open handles, and finds those of the tests', async () => {
  const own = {
    'open.test.js': `
      const { setup } = require('forkpoint')
      setup(() => {})
      test('leaves a server open', () => new Promise(resolve => require('node:net').createServer().listen(0, resolve)))
    `,
  }
  const { stderr, exitCode } = await runJest({
    target,
    files: own,
    variants: { variant: { engine: 'heap', warmup: 0, guard: 'off' } },
    args: ['--detectOpenHandles', '--forceExit'],
  })
  expect([exitCode, stderr]).toEqual([0, expect.stringContaining('TCPSERVERWRAP')])
})

test.concurrent('options that Jest has no room for, or that do not exist, are one error', async () => {
  const errorOf = async (variant: object): Promise<string[]> => {
    const { stderr, exitCode } = await runJest({ target, files, variants: { variant: { ...variant } } })
    return [String(exitCode), ...stderr.split('\n').filter(line => line.includes('ERR_FORKPOINT'))]
  }
  const [missing, unknown] = await Promise.all([errorOf({ files: 'fork' }), errorOf({ engin: 'fork' })])
  expect([missing, unknown]).toEqual([
    [
      '1',
      "ForkpointError: [forkpoint] `files: 'fork'` is there for Vitest only: Jest starts its workers itself; remove it " +
        '(ERR_FORKPOINT_OPTION)',
    ],
    [
      '1',
      "ForkpointError: [forkpoint] Unknown option `engin` (given 'fork'): did you mean `engine`? (ERR_FORKPOINT_OPTION)",
    ],
  ])
})

test.concurrent.each([
  ['--bail=1', ['--bail=1', '-i', 'hooks|ledger|only|kinds']],
  ['--shard=1/2', ['--shard=1/2', 'assertions|only|ledger|stored']],
])('%s: files, outcomes and exit code are those of plain Jest', async (_, args) => {
  const runOf = async (
    variant: false | object,
  ): Promise<{ exitCode: number | null; outcomes: Record<string, string> }> => {
    const variants = { one: variant === false ? variant : { ...variant } }
    const { variants: runs, exitCode } = await runJest({ target, files: 'jest', variants, args })
    return { exitCode, outcomes: jestOutcomes(runs.one) }
  }
  const [plain, forked] = await Promise.all([runOf(false), runOf(strict)])
  expect(forked).toEqual(plain)
  expect(Object.keys(plain.outcomes)).not.toEqual([])
})
