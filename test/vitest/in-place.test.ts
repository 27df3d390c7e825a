import { describe, expect, test } from 'vitest'
import type { PluginOptions } from '../support/suite-config.ts'
import type { SuiteRun } from '../support/suite-run.ts'
import { targetNames } from '../support/targets.ts'
import { outcomesOf } from './outcomes.ts'
import { sharedRun } from './shared-run.ts'

const head = `
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { setup } from 'forkpoint'
`

/** Packages that Vitest leaves to Node, with state that nothing exports. */
const packagesNamed = (name: string): Record<string, string> => ({
  [`node_modules/${name}-cjs/package.json`]: `{ "name": "${name}-cjs", "version": "1.0.0" }`,
  [`node_modules/${name}-cjs/index.js`]: `
    let visits = 0
    class Door { #opened = 0; open() { return ++this.#opened } }
    const door = new Door()
    exports.visit = () => ++visits
    exports.open = () => door.open()
  `,
  [`node_modules/${name}-esm/package.json`]: `{ "name": "${name}-esm", "version": "1.0.0", "type": "module", "exports": "./index.js" }`,
  [`node_modules/${name}-esm/index.js`]: `
    let visits = 0
    const makeCounter = () => { let count = 0; return () => ++count }
    const next = makeCounter()
    export let total = 0
    export const visit = () => (total++, ++visits)
    export const open = () => next()
  `,
})

const files = {
  ...packagesNamed('hidden'),
  ...packagesNamed('shared'),
  'src/cache.ts': `
    let hits = 0
    export const cache = new Map<string, { n: number }>()
    export function get(key: string) { hits++; return cache.get(key) ?? cache.set(key, { n: 0 }).get(key)! }
    export const count = () => hits
    export class Box { #value = 0; static #made = 0; constructor() { Box.#made++ } inc() { return ++this.#value } static get made() { return Box.#made } }
    export function counter() { let n = 0; return () => ++n }
  `,
  'src/shared.ts': `
    let hits = 0
    export const cache = new Map<string, number>()
    export function get(key: string) { hits++; cache.set(key, hits) }
    export const count = () => hits
    export function counter() { let n = 0; return () => ++n }
  `,
  'src/late.ts':
    'let visits = 0; export const visit = () => ++visits; (globalThis as any).evaluated = ((globalThis as any).evaluated ?? 0) + 1',
  'state.test.ts': `${head}
    import { Box, cache, count, counter, get } from './src/cache'
    let box: Box; let next: () => number
    const weak = new WeakMap<object, number>(); const key = {}; const spy = vi.fn(() => 1)
    setup(() => { box = new Box(); next = counter(); get('a').n = 1; weak.set(key, 1); process.env.HEAP = 'x'; spy.mockReturnValue(2) })
    test.each([1, 2, 3])('variables, private fields, collections, mocks: test %i', () => {
      expect([count(), get('a').n, cache.size, box.inc(), Box.made, next()]).toEqual([1, 1, 1, 1, 1, 1])
      get('b'); new Box(); get('a').n = 5
      expect([weak.get(key), process.env.HEAP, spy(), spy.mock.calls.length]).toEqual([1, 'x', 2, 1])
      weak.set(key, 2); process.env.HEAP = 'y'; spy.mockReset()
    })
  `,
  'hidden.test.ts': `${head}
    import * as cjs from 'hidden-cjs'
    import * as esm from 'hidden-esm'
    setup(() => { cjs.visit(); cjs.open(); esm.visit(); esm.open() })
    test.each([1, 2, 3])('closures and private fields of packages: test %i', () => {
      expect([cjs.visit(), cjs.open(), esm.visit(), esm.open(), esm.total]).toEqual([2, 2, 2, 2, 2])
    })
  `,
  'modules.test.ts': `${head}
    setup(() => {})
    test.each([1, 2])('a module that a test was the first to load: test %i', async () => {
      const late = await import('./src/late')
      expect([late.visit(), (globalThis as any).evaluated]).toEqual([1, 1])
      expect(await import('./src/late')).toBe(late)
    })
    test.each([1, 2])('a mock of a module: test %i', async () => {
      vi.doMock('./src/late', () => ({ visit: () => 'mocked' }))
      expect((await import('./src/late')).visit()).toBe('mocked')
    })
    test('is gone', async () => { expect((await import('./src/late')).visit()).toBe(1) })
  `,
  'nested.test.ts': `${head}
    const log: string[] = []
    setup(() => { log.push('outer') })
    test('first', () => { expect(log).toEqual(['outer']); log.push('x') })
    describe('nested', () => {
      beforeAll(() => { log.push('all') })
      setup(() => { log.push('inner') })
      test.each([1, 2])('test %i', () => { expect(log).toEqual(['outer', 'all', 'outer', 'inner']); log.push('x') })
    })
    test('last', () => { expect(log).toEqual(['outer']) })
  `,
  'last.test.ts': `${head}
    const makeCounter = () => { let n = 0; return () => ++n }
    let next = makeCounter()
    describe('a suite whose last test leaves a function', () => {
      setup(() => {})
      test('first', () => {})
      test('last', () => { next = makeCounter() })
    })
    describe('the next suite', () => {
      setup(() => { next() })
      test.each([1, 2])('rolls its variable back: test %i', () => { expect(next()).toBe(2) })
    })
  `,
  'excluded.test.ts': `${head}
    import { exclude } from 'forkpoint'
    import * as cache from './src/shared'
    import * as esm from 'shared-esm'
    import cjs from 'shared-cjs'
    const log: string[] = []; const kept: string[] = []
    for (const each of [log, cache, esm, cjs]) exclude(each, { why: 'to see the tests before' })
    let next: () => number
    setup(() => { next ??= cache.counter() })
    test.each([0, 1, 2])('what was left out stays: after %i tests', before => {
      expect([log.length, kept.length, cache.count(), cache.cache.size]).toEqual([before, 0, before, before])
      expect([next(), esm.visit(), esm.open(), cjs.visit()]).toEqual([before + 1, before + 1, before + 1, before + 1])
      expect(cjs.open()).toBe(before + 1)
      log.push('x'); kept.push('x'); cache.get('key ' + before)
    })
  `,
  'refused.test.ts': `${head}
    function* ids() { let id = 0; while (true) yield ++id }
    const jobs = { next: ids() }
    setup(() => { jobs.next = ids(); jobs.next.next() })
    test.each([1, 2])('has its setup re-run: test %i', () => { expect(jobs.next.next().value).toBe(2) })
  `,
}

const strict: PluginOptions = { engine: 'heap', warmup: 0, report: 'report.json' }
const allPassed = (run: SuiteRun): string[] =>
  Object.entries(outcomesOf(run)).flatMap(([name, outcome]) =>
    outcome === 'passed' ? [] : [`${name}: ${outcome}`],
  )

describe.each(targetNames)('%s, heap engine', target => {
  const inProcesses = sharedRun({ target, files, plugin: strict })

  test('every test finds the state that its setup has made, in packages too', async () => {
    const run = await inProcesses()
    expect([run.exitCode, allPassed(run), Object.keys(outcomesOf(run)).length]).toEqual([0, [], 24])
  })

  test.each([
    ['threads', 'threads'],
    ['threads with contexts', 'vmThreads'],
    ['processes with contexts', 'vmForks'],
  ])('in a pool of %s too, which auto takes it for', async (_, pool) => {
    const plugin = { warmup: 0, report: 'report.json' }
    const run = await sharedRun({ target, files, plugin, config: { pool } })()
    expect([run.exitCode, allPassed(run)]).toEqual([0, []])
    expect(JSON.parse(run.files['report.json'] ?? '{}').engine.chosen).toBe('heap')
  })

  test('in one worker for all files too', async () => {
    const run = await sharedRun({
      target,
      files,
      plugin: strict,
      config: { isolate: false, fileParallelism: false },
    })()
    expect([run.exitCode, allPassed(run)]).toEqual([0, []])
  })

  test('not in an environment of a browser, whose objects are there before the tests', async () => {
    const own = {
      'own.mjs': `export default {
        name: 'own', viteEnvironment: 'ssr', transformMode: 'ssr',
        setup(global) { global.page = { title: 'before' }; return { teardown() {} } },
      }`,
      'page.test.ts': `${head}
        setup(() => { page.title = 'set' })
        test.each([1, 2])('test %i', () => { expect(page.title).toBe('set'); page.title = 'test' })
      `,
    }
    const config = { environment: './own.mjs', pool: 'threads' }
    const run = await sharedRun({ target, files: own, plugin: { warmup: 0 }, config })()
    expect([run.exitCode, allPassed(run)]).toEqual([0, []])
    expect(run.stdout).toContain(
      "heap engine can't run here: the tests run in the environment 'own', whose objects it would not put back; run them in the " +
        "environment 'node', or leave them to the fork engine",
    )
  })

  test("what it can't put back has its setup re-run, and the summary says where it is", async () => {
    const run = await inProcesses()
    const { findings } = JSON.parse(run.files['report.json'] ?? '{}')
    expect(findings).toEqual([
      expect.objectContaining({
        kind: 'fallback',
        file: expect.stringContaining('refused.test.ts'),
        detail:
          "Setup was re-run for every test: `refused.test.ts › jobs.next` can't be put back: it is a generator, whose position can " +
          'not be put back; build it in the test, or leave this suite to the fork engine.',
      }),
    ])
  })
})
