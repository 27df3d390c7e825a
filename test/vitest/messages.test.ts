import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import type { SuiteOptions } from '../support/run-suite.ts'
import type { SuiteRun } from '../support/suite-run.ts'
import { folderOfTarget, type TargetName, targetNames, targetOf } from '../support/targets.ts'
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
  const { stdout } = await promisify(execFile)(targetOf(target).node, args, { cwd: folderOfTarget(target) })
  return stdout.trimEnd()
}

const missingAddon =
  'the native addon is missing: there is no /nonexistent/forkpoint.node (from FORKPOINT_ADDON)'
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

    test.concurrent('the fork engine by name, in a pool of threads', async () => {
      expect(startupErrorOf(await run({ plugin: { engine: 'fork' }, config: { pool: 'threads' } }))).toBe(
        "[forkpoint] The fork engine was asked for by name, but `test.pool` is 'threads', whose workers are not " +
          "processes of their own. Remove `test.pool` or set it to 'forks', or set forkpoint's `engine` to 'auto'. " +
          '(ERR_FORKPOINT_CONFIG)',
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

  describe('an engine asked for by name that can not run fails the run', () => {
    test.concurrent('the heap engine, which this version does not have', async () => {
      const { exitCode, captured, stdout } = await run({ plugin: { engine: 'heap' } })
      expect([exitCode, captured.unhandledErrors.map(({ message }) => message), stdout]).toEqual([
        1,
        [
          '[forkpoint] The heap engine was asked for by name, but this version of forkpoint does not have it; ' +
            "use 'fork' or 'auto' (ERR_FORKPOINT_ENGINE)",
        ],
        '',
      ])
    })

    test.concurrent('the fork engine, without its addon', async () => {
      const { exitCode, captured, stdout } = await run({
        plugin: { engine: 'fork' },
        env: { FORKPOINT_ADDON: '/nonexistent/forkpoint.node' },
      })
      expect([exitCode, captured.unhandledErrors.map(({ message }) => message), stdout]).toEqual([
        1,
        [
          `[forkpoint] The fork engine was asked for by name, but can't run here: ${missingAddon} (check "addon"); ` +
            'correct or unset FORKPOINT_ADDON (ERR_FORKPOINT_ENGINE)',
        ],
        '',
      ])
    })
  })

  describe('auto falls back to re-running setup, and says why', () => {
    test.concurrent('without the addon', async () => {
      const fallen = await run({ plugin: {}, env: { FORKPOINT_ADDON: '/nonexistent/forkpoint.node' } })
      expect(outcomesOf(fallen)).toEqual(passed)
      expect(engineLinesOf(fallen)).toEqual([
        'Forkpoint  off: no engine can run here, so setup is re-run for every test',
        `fork engine can't run here: ${missingAddon}; correct or unset FORKPOINT_ADDON`,
      ])
    })

    test.concurrent('in a pool of threads', async () => {
      const fallen = await run({ plugin: {}, config: { pool: 'threads' } })
      expect(outcomesOf(fallen)).toEqual(passed)
      expect(engineLinesOf(fallen)).toEqual([
        'Forkpoint  off: no engine can run here, so setup is re-run for every test',
        "fork engine can't run here: the tests run in a worker thread, and fork(2) copies only the calling thread; " +
          "run them in processes: remove the pool option, or set it to 'forks'",
      ])
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
          "`plugins: [forkpoint()]` with `import forkpoint from 'forkpoint/vitest'`. (ERR_FORKPOINT_PLACE)",
      )
    })
  })
})
