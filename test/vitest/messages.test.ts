import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import type { SuiteOptions } from '../support/run-suite.ts'
import type { SuiteRun } from '../support/suite-run.ts'
import { folderOf, type TargetName, targetNames, targetOf } from '../support/targets.ts'
import { failuresOf, outcomesOf } from './outcomes.ts'
import { sharedRun } from './shared-run.ts'

const files = {
  'cart.test.ts': `
    import { setup } from 'forkpoint'
    import { expect, test } from 'vitest'
    let count = 0
    setup(() => { count = 1 })
    test.each(['first', 'second'])('%s', () => { expect(count++).toBe(1) })
  `,
}
const passed = { 'cart.test.ts > first': 'passed', 'cart.test.ts > second': 'passed' }

const misplaced = {
  'places.test.ts': `
    import { setup } from 'forkpoint'
    import { afterAll, afterEach, beforeAll, beforeEach, describe, test } from 'vitest'
    const misplace = () => setup(() => {})
    test('in a test', misplace)
    describe('in beforeEach', () => { beforeEach(misplace); test('test', () => {}) })
    describe('in afterEach', () => { afterEach(misplace); test('test', () => {}) })
    describe('in beforeAll', () => { beforeAll(misplace); test('test', () => {}) })
    describe('in afterAll', () => { afterAll(misplace); test('test', () => {}) })
    describe('in a setup', () => { setup(misplace); test('test', () => {}) })
    test('without a function', () => setup('not a function' as never))
  `,
}

/** The error that stopped Vitest before it ran anything. */
function startupErrorOf({ captured, stderr }: SuiteRun): string | undefined {
  expect(captured.reason).toBe('no run')
  return /^ForkpointError: (.*)$/m.exec(stderr)?.[1]
}

/** The first lines of the summary: the engine, and why. */
function engineLinesOf({ stdout }: SuiteRun): string[] {
  const lines = stdout.split('\n')
  const start = lines.findIndex(line => line.startsWith('  Forkpoint  '))
  const end = lines.findIndex((line, index) => index > start && !line.startsWith('             '))
  return lines.slice(start, end).map(line => line.trim())
}

/** Prints the message of the error that a script ends with. */
async function errorOfScript(target: TargetName, type: 'module' | 'commonjs', code: string): Promise<string> {
  const args = [`--input-type=${type}`, '--eval', `${code}.catch(error => console.log(error.message))`]
  const { stdout } = await promisify(execFile)(targetOf(target).node, args, { cwd: folderOf(target) })
  return stdout.trimEnd()
}

const missingAddon =
  'the native addon is missing: there is no /nonexistent/forkpoint.node (from FORKPOINT_ADDON); ' +
  'correct or unset FORKPOINT_ADDON'
const toProcesses = "run them in processes: remove the pool option, or set it to 'forks'"
const inThreads = `the tests run in a worker thread, and fork(2) copies only the calling thread; ${toProcesses}`
const inContexts = `the tests run in contexts of node:vm (pool 'vmForks'), where the fork engine has not been tested; ${toProcesses}`
const leaks =
  'Vitest looks for async leaks (`detectAsyncLeaks`), and would not see those of tests that run in processes of their own; ' +
  'look for leaks in a run of their own, with FORKPOINT=off, and remove the option here'

const unprepared =
  "the sources of this project are not transformed for it; ask for it by name: `engine: 'heap'`"

/** The error for the fork engine, from a reason and its remedy. */
function byName(check: string, reason: string): string {
  const [why, remedy] = reason.split('; ')
  return (
    `[forkpoint] The fork engine was asked for by name, but can't run here: ${why} (check "${check}"); ${remedy} ` +
    '(ERR_FORKPOINT_ENGINE)'
  )
}
const place =
  'Call it at the top level of a test file or in a `describe`, beside `beforeEach`. (ERR_FORKPOINT_PLACE)'
const inTest = `failed: [forkpoint] Failed to register a setup: \`setup()\` was called inside a test or a hook around it. ${place}`
const inHook =
  'failed: [forkpoint] Failed to register a setup: `setup()` was called after the suite was read, ' +
  `in a hook or in code that a hook has started. ${place}`

describe.each(targetNames)('%s', target => {
  const run = (options: Omit<SuiteOptions, 'target' | 'files'>): Promise<SuiteRun> =>
    sharedRun({ target, files, ...options })()

  describe('nothing is run, and the error says why', () => {
    test.concurrent('an option that does not exist', async () => {
      expect(startupErrorOf(await run({ plugin: { warmpu: 1 } }))).toBe(
        '[forkpoint] Unknown option `warmpu` (given 1): did you mean `warmup`? (ERR_FORKPOINT_OPTION)',
      )
    })

    test.concurrent.each([
      ['in a pool of threads', { pool: 'threads' }, 'pool', inThreads],
      ['in a pool of threads with contexts', { pool: 'vmThreads' }, 'pool', inThreads],
      ['in a pool of processes with contexts', { pool: 'vmForks' }, 'pool', inContexts],
      ['while Vitest looks for leaks', { detectAsyncLeaks: true }, 'detectAsyncLeaks', leaks],
    ])('the fork engine by name, %s', async (_, config, check, reason) => {
      expect(startupErrorOf(await run({ plugin: { engine: 'fork' }, config }))).toBe(byName(check, reason))
    })

    test.concurrent('the fork engine by name, without its addon', async () => {
      const env = { FORKPOINT_ADDON: '/nonexistent/forkpoint.node' }
      expect(startupErrorOf(await run({ plugin: { engine: 'fork' }, env }))).toBe(
        byName('addon', missingAddon),
      )
    })

    test.concurrent("a runner of the project's own", async () => {
      expect(startupErrorOf(await run({ plugin: {}, config: { runner: './runner.ts' } }))).toBe(
        '[forkpoint] Two runners want to run the tests: `test.runner` is set to "<dir>/runner.ts", and forkpoint ' +
          'brings its own. Remove `test.runner`, or remove forkpoint from this project. (ERR_FORKPOINT_CONFIG)',
      )
    })

    test.concurrent('FORKPOINT set to something else', async () => {
      expect(startupErrorOf(await run({ plugin: {}, env: { FORKPOINT: 'wrong' } }))).toBe(
        "[forkpoint] Environment variable FORKPOINT was given 'wrong'; it must be 'off', 'fork', 'heap' or 'auto' " +
          '(ERR_FORKPOINT_OPTION)',
      )
    })
  })

  describe('auto takes the heap engine where the fork engine is known not to run, and says why', () => {
    test.concurrent.each<[string, Omit<SuiteOptions, 'target' | 'files' | 'plugin'>, string]>([
      ['without the addon', { env: { FORKPOINT_ADDON: '/nonexistent/forkpoint.node' } }, missingAddon],
      ['in a pool of threads', { config: { pool: 'threads' } }, inThreads],
      ['in a pool of processes with contexts', { config: { pool: 'vmForks' } }, inContexts],
      ['while Vitest looks for leaks', { config: { detectAsyncLeaks: true } }, leaks],
    ])('%s', async (_, options, reason) => {
      const fallen = await sharedRun({ target, files, plugin: { report: 'report.json' }, ...options })()
      expect([fallen.exitCode, outcomesOf(fallen)]).toEqual([0, passed])
      expect(engineLinesOf(fallen)).toEqual([
        'Forkpoint  heap engine: its preconditions hold here',
        `fork engine can't run here: ${reason}`,
      ])
      expect(JSON.parse(fallen.files['report.json'] ?? '{}').engine.chosen).toBe('heap')
    })
  })

  describe('auto falls back to re-running setup, and says why', () => {
    const debuggerAttached =
      'a debugger is attached, and a forked process can not be debugged; debug without rollback, or run without --inspect'
    const onWindows = {
      ...files,
      'windows.mjs': `Object.defineProperty(process, 'platform', { value: 'win32' })`,
    }
    test.concurrent.each<[string, Omit<SuiteOptions, 'target' | 'files' | 'plugin'>, string, string]>([
      [
        'with a debugger in the workers',
        { config: { execArgv: ['--inspect=0'] } },
        debuggerAttached,
        unprepared,
      ],
      ['with --inspect', { args: ['--inspect=0', '--no-file-parallelism'] }, debuggerAttached, unprepared],
      [
        'on Windows',
        { config: { execArgv: ['--import', './windows.mjs'] } },
        "fork(2) does not exist on win32; leave the engine to 'auto', which takes the heap engine here",
        unprepared,
      ],
    ])('%s', async (_, options, reason, heapReason) => {
      const fallen = await sharedRun({
        target,
        files: onWindows,
        plugin: { report: 'report.json' },
        ...options,
      })()
      expect([fallen.exitCode, outcomesOf(fallen)]).toEqual([0, passed])
      expect(engineLinesOf(fallen)).toEqual([
        'Forkpoint  off: no engine can run here, so setup is re-run for every test',
        `fork engine can't run here: ${reason}`,
        `heap engine can't run here: ${heapReason}`,
      ])
      const { engine } = JSON.parse(fallen.files['report.json'] ?? '{}')
      const refused = engine.refused.map(({ why, remedy }: Record<string, string>) => `${why}; ${remedy}`)
      expect([engine.chosen, refused]).toEqual(['off', [reason, heapReason]])
    })
  })

  describe('FORKPOINT in the environment', () => {
    test.concurrent('off turns it off', async () => {
      const off = await run({ plugin: { engine: 'fork', warmup: 0 }, env: { FORKPOINT: 'off' } })
      expect(outcomesOf(off)).toEqual(passed)
      expect(engineLinesOf(off)).toEqual(['Forkpoint  off: forkpoint was turned off'])
    })

    test.concurrent('fork asks for the fork engine', async () => {
      const forked = await run({ plugin: { engine: 'off', warmup: 0 }, env: { FORKPOINT: 'fork' } })
      expect(outcomesOf(forked)).toEqual(passed)
      expect(engineLinesOf(forked)).toEqual(['Forkpoint  fork engine: it was asked for by name'])
    })
  })

  describe('setup() in the wrong place', () => {
    test.concurrent('in a test or a hook', async () => {
      const run = sharedRun({ target, files: misplaced, plugin: { engine: 'fork', warmup: 0 } })
      expect(failuresOf(await run())).toEqual({
        'places.test.ts > in a test': inTest,
        'places.test.ts > in beforeEach > test': inTest,
        'places.test.ts > in afterEach > test': inTest,
        'places.test.ts > in beforeAll': inHook,
        'places.test.ts > in afterAll': inHook,
        'places.test.ts > in a setup > test': inHook,
        'places.test.ts > without a function':
          'failed: [forkpoint] Failed to register a setup: expected a function, received string. (ERR_FORKPOINT_PLACE)',
      })
    })

    test.concurrent.each([
      { type: 'module', load: `import('forkpoint')` },
      { type: 'commonjs', load: `Promise.resolve(require('forkpoint'))` },
    ] as const)('in a script ($type)', async ({ type, load }) => {
      expect(await errorOfScript(target, type, `${load}.then(({ setup }) => setup(() => {}))`)).toBe(
        '[forkpoint] Failed to register a setup: `setup()` was called outside a test runner. Call it at the top level ' +
          "of a test file or in a `describe`, and add forkpoint to the runner's configuration: " +
          "`plugins: [forkpoint()]` with `import forkpoint from 'forkpoint/vitest'`, or `preset: 'forkpoint'` in Jest. (ERR_FORKPOINT_PLACE)",
      )
    })
  })
})
