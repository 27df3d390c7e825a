import { describe, expect, test } from 'vitest'
import type { JestTargetName } from '../support/jest-targets.ts'
import { jestOutcomes, runJest } from '../support/run-jest.ts'

const head = `const { setup } = require('forkpoint')`

const files = {
  // Its state is there before any test file is read.
  'before.js': 'let calls = 0; global.nextCall = () => ++calls',
  'src/cache.js': `
    let hits = 0
    const cache = exports.cache = new Map()
    exports.get = key => { hits++; return cache.get(key) ?? cache.set(key, { n: 0 }).get(key) }
    exports.count = () => hits
    exports.Box = class Box { #value = 0; static #made = 0; constructor() { Box.#made++ } inc() { return ++this.#value } static get made() { return Box.#made } }
    exports.counter = () => { let n = 0; return () => ++n }
  `,
  'src/late.js':
    'let visits = 0; exports.visit = () => ++visits; globalThis.evaluated = (globalThis.evaluated ?? 0) + 1',
  'src/clock.js': `exports.hour = () => 12`,
  'node_modules/hidden/index.js': 'let visits = 0; exports.visit = () => ++visits',
  'src/counter.mjs':
    'export let total = 0; let hits = 0; const make = () => { let n = 0; return () => ++n }; export const next = make(); ' +
    'export const hit = () => (total++, ++hits)',
  'src/late.mjs':
    'let visits = 0; export const visit = () => ++visits; globalThis.evaluated = (globalThis.evaluated ?? 0) + 1',
  'state.test.js': `${head}
    const { Box, cache, count, counter, get } = require('./src/cache')
    const hidden = require('hidden')
    const assert = require('node:assert')
    let box; let next; const list = []; const numbers = new Float64Array(2); const date = new Date(5)
    const weak = new WeakMap(); const key = {}; const spy = jest.fn(() => 1); const { floor } = Math
    setup(() => {
      box = new Box(); next = counter(); get('a').n = 1; hidden.visit(); nextCall(); list.push({ a: 1 }); numbers[0] = 1
      weak.set(key, 1); process.env.HEAP = 'x'; spy.mockReturnValue(2); global.answer = [1]; process.on('rolled', () => list.length)
    })
    test.each([1, 2, 3])('variables, private fields, collections: test %i', () => {
      expect([count(), get('a').n, cache.size, box.inc(), Box.made, next(), hidden.visit(), nextCall()]).toEqual([1, 1, 1, 1, 1, 1, 2, 2])
      get('b'); new Box(); get('a').n = 5
      expect([weak.get(key), numbers[0], date.getTime()]).toEqual([1, 1, 5])
      weak.set(key, 2); numbers[0] = 7; date.setTime(9)
    })
    test.each([1, 2])('mocks and spies: test %i', () => {
      expect([spy(), spy.mock.calls.length, Math.floor === floor]).toEqual([2, 1, true])
      spy.mockReset(); jest.spyOn(Math, 'floor').mockReturnValue(3); jest.spyOn(date, 'getTime').mockReturnValue(4)
      expect([spy(), Math.floor(1), date.getTime()]).toEqual([undefined, 3, 4])
    })
    test.each([1, 2])('global variables, built-ins and process: test %i', () => {
      expect([process.env.HEAP, answer, [].extra, new Date(0).getTime(), process.listenerCount('rolled')]).toEqual(['x', [1], undefined, 0, 1])
      process.env.HEAP = 'y'; answer.push(2); Array.prototype.extra = 1; global.Date = class {}; process.removeAllListeners('rolled')
    })
    test.each([1, 2])('objects are of the realm of the tests: test %i', () => {
      expect(list).toBeInstanceOf(Array)
      expect(list[0]).toBeInstanceOf(Object)
      expect([cache, date, weak, numbers].map(each => each instanceof each.constructor)).toEqual([true, true, true, true])
      expect(cache).toBeInstanceOf(Map)
      assert.deepStrictEqual(list, [{ a: 1 }])
      list.unshift(1); list.extra = 1; Object.setPrototypeOf(list[1], null); delete list[1].a
    })
    test.each([1, 2])('fake timers that the test installs: test %i', () => {
      jest.useFakeTimers(); setTimeout(() => list.push('late'), 10); jest.advanceTimersByTime(10)
      expect([list.length, list[1]]).toEqual([2, 'late'])
    })
    const folder = process.cwd()
    test.each([1, 2])('the folder of the process, which the test has asked for: test %i', () => {
      expect(process.cwd()).toBe(folder)
      process.chdir('/')
      expect(process.cwd()).toBe('/')
    })
    test('the clock is the real one again', async () => { await new Promise(resolve => setTimeout(resolve, 1)); expect(list.length).toBe(1) })
  `,
  'modules.test.js': `${head}
    jest.mock('./src/clock', () => ({ hour: jest.fn(() => 3) }))
    const { hour } = require('./src/clock')
    const first = require('./src/cache')
    setup(() => { first.get('a') })
    test.each([1, 2])('a module that a test was the first to load: test %i', () => {
      const late = require('./src/late')
      expect([late.visit(), globalThis.evaluated]).toEqual([1, 1])
      expect(require('./src/late')).toBe(late)
    })
    test.each([1, 2])('a mock of a module: test %i', () => {
      jest.doMock('./src/late', () => ({ visit: () => 'mocked' }))
      expect(require('./src/late').visit()).toBe('mocked')
    })
    test('is gone', () => { expect(require('./src/late').visit()).toBe(1) })
    test.each([1, 2])('modules that a test resets: test %i', () => {
      expect(require('./src/cache')).toBe(first)
      jest.resetModules()
      expect([require('./src/cache') === first, require('./src/cache').count(), first.count()]).toEqual([false, 0, 1])
      first.get('b')
      jest.isolateModules(() => { require('./src/late').visit() })
    })
    test.each([1, 2])('calls of a hoisted mock: test %i', () => {
      expect([hour(), hour.mock.calls.length, require('./src/clock').hour === hour]).toEqual([3, 1, true])
      hour.mockReturnValue(4)
    })
    describe('nested', () => {
      const log = []
      beforeAll(() => { log.push('all') })
      setup(() => { log.push('inner'); first.get('b') })
      test.each([1, 2])('test %i', () => { expect([...log, first.count()]).toEqual(['all', 'inner', 3]); log.push('x') })
    })
    test('after it the state is that of the suite around', () => { expect(first.count()).toBe(1) })
  `,
  'modules.test.mjs': `
    import { expect, jest, test } from '@jest/globals'
    import { setup } from 'forkpoint'
    import * as counter from './src/counter.mjs'
    setup(() => { counter.hit(); counter.next() })
    test.each([1, 2])('variables of an ES module: test %i', () => {
      expect([counter.total, counter.hit(), counter.next()]).toEqual([1, 2, 2])
    })
    test.each([1, 2])('an ES module that a test was the first to import: test %i', async () => {
      const late = await import('./src/late.mjs')
      expect([late.visit(), globalThis.evaluated]).toEqual([1, 1])
      expect(await import('./src/late.mjs')).toBe(late)
    })
    test.each([1, 2])('a mock of an ES module: test %i', async () => {
      jest.unstable_mockModule('./src/late.mjs', () => ({ visit: () => 'mocked' }))
      expect((await import('./src/late.mjs')).visit()).toBe('mocked')
    })
  `,
  'excluded.test.js': `${head}
    const { exclude } = require('forkpoint')
    const cache = require('./src/cache')
    const log = []; const kept = []
    for (const each of [log, cache]) exclude(each, { why: 'to see the tests before' })
    setup(() => {})
    test.each([0, 1, 2])('what was left out stays: after %i tests', before => {
      expect([log.length, kept.length, cache.count(), cache.cache.size]).toEqual([before, 0, before, before])
      log.push('x'); kept.push('x'); cache.get('key ' + before)
    })
  `,
  'refused.test.js': `${head}
    function* ids() { let id = 0; while (true) yield ++id }
    const jobs = { next: ids() }
    setup(() => { jobs.next = ids(); jobs.next.next() })
    test.each([1, 2])('has its setup re-run: test %i', () => { expect(jobs.next.next().value).toBe(2) })
  `,
}

const targets: readonly JestTargetName[] = ['Jest 30, Node 24', 'Jest 29.7, Node 20']

describe.each(targets)('%s, heap engine', target => {
  test('every test finds the state that its setup has made; what can not be put back is named', async () => {
    const { variants, stderr, report } = await runJest({
      target,
      files,
      variants: { heap: { engine: 'heap', warmup: 0 } },
      config: { setupFiles: ['<rootDir>/before.js'], testMatch: ['**/*.test.js', '**/*.test.mjs'] },
      env: { NODE_OPTIONS: '--experimental-vm-modules' },
    })
    const outcomes = Object.entries(jestOutcomes(variants.heap))
    expect(
      outcomes.filter(([, outcome]) => outcome !== 'passed'),
      stderr,
    ).toEqual([])
    expect(outcomes).toHaveLength(37)
    expect((report as { findings: unknown[] }).findings).toEqual([
      expect.objectContaining({
        kind: 'fallback',
        detail:
          "Setup was re-run for every test: `refused.test.js › jobs.next` can't be put back: it is a generator, whose position can " +
          'not be put back; build it in the test, or leave this suite to the fork engine.',
      }),
    ])
  })
})

test('what an environment of the project adds is put back; a page is not; what is not seen is found by the audit', async () => {
  const rolled = (change: string): string => `${head}
    setup(() => { ${change} })
    test.each([1, 2])('test %i', () => { expect(shelf).toEqual(['set']); shelf.push('test') })
  `
  const { variants, report, stderr } = await runJest({
    target: 'Jest 30, Node 20',
    files: {
      'own.js': `
        const { TestEnvironment } = require('jest-environment-node')
        module.exports = class extends TestEnvironment {
          constructor(...args) { super(...args); this.global.shelf = [] }
        }
      `,
      'own.test.js': rolled("shelf.push('set')"),
      'page.test.js': `globalThis.shelf = []\n${rolled("shelf = ['set']")}`,
      'hidden.test.js': `${head}
        const hide = new Function('let hits = 0; return () => ++hits')()
        setup(() => {})
        test('changes it', () => { hide() })
        test('comes after', () => {})
      `,
    },
    variants: { own: { warmup: 0 }, page: { warmup: 0 }, hidden: { warmup: 0, audit: true } },
    configOf: {
      own: { testEnvironment: '<rootDir>/own.js', testMatch: ['**/own.test.js'] },
      page: { testEnvironment: 'jsdom', testMatch: ['**/page.test.js'] },
      hidden: { testMatch: ['**/hidden.test.js'] },
    } as never,
    runConfig: { workerThreads: true },
  })
  const outcomes = Object.values(variants).flatMap(run => Object.values(jestOutcomes(run)))
  expect(outcomes, stderr).toEqual(Array(6).fill('passed'))
  expect(stderr).toContain(
    "heap engine can't run here: the tests run in the environment of a page, whose objects it would not put back; run them in the " +
      "environment 'node', or leave them to the fork engine",
  )
  expect((report as { findings: unknown[] }).findings).toEqual([
    expect.objectContaining({
      test: 'changes it',
      detail: expect.stringContaining('After a rollback `hidden.test.js › hide › hits` was 0 and is 1'),
    }),
  ])
})
