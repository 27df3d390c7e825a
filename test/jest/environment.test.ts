import { expect, test } from 'vitest'
import { differencesOf } from '../support/compare-runs.ts'
import { jestOutcomes, runJest } from '../support/run-jest.ts'

const target = 'Jest 30, Node 20'
const strict = { engine: 'fork', warmup: 0 }

test('an environment of the project is rolled back too, and told of all events', async () => {
  const files = {
    'my-environment.js': `
      const { appendFileSync } = require('node:fs')
      const { withForkpoint } = require('forkpoint/jest')
      const { TestEnvironment } = require('jest-environment-node')
      class MyEnvironment extends TestEnvironment {
        async setup() {
          await super.setup()
          this.global.fromEnvironment = []
        }
        async handleTestEvent({ name }) {
          if (name.startsWith('run_')) appendFileSync(__dirname + '/events', name + '\\n')
        }
      }
      module.exports = withForkpoint(MyEnvironment)
    `,
    'one.test.js': `
      const { setup } = require('forkpoint')
      setup(() => { fromEnvironment.push('setup') })
      test.each([1, 2])('test %i', () => { expect(fromEnvironment).toEqual(['setup']); fromEnvironment.push('test') })
    `,
  }
  const { variants, stderr } = await runJest({
    target,
    files,
    variants: { strict },
    config: { testEnvironment: '<rootDir>/my-environment.js' },
  })
  expect(jestOutcomes(variants.strict), stderr).toEqual({
    'one.test.js > test 1': 'passed',
    'one.test.js > test 2': 'passed',
  })
  expect(stderr).toContain('Restores  2')
  expect(variants.strict.files.events?.split('\n')).toEqual([
    'run_start',
    'run_describe_start',
    'run_describe_finish',
    'run_finish',
    '',
  ])
})

test('an environment without forkpoint in it: setup says what is missing', async () => {
  const { variants } = await runJest({
    target,
    files: {
      'one.test.js': `
        /** @jest-environment node */
        const { setup } = require('forkpoint')
        test('is an error', () => { setup(() => {}) })
      `,
    },
    variants: { strict },
  })
  expect(jestOutcomes(variants.strict)['one.test.js > is an error']).toContain(
    'Failed to register a setup: `setup()` was called outside a test runner.',
  )
})

test('results of a checkpoint have the classes of the tests', async () => {
  const { variants } = await runJest({
    target,
    files: {
      'one.test.js': `
        const assert = require('node:assert')
        const { checkpoint } = require('forkpoint')
        test('values and errors', async () => {
          const point = await checkpoint()
          const value = await point.run(() => ({
            list: [new Map([['a', new Date(0)]]), new Set([/x/])],
            floats: new Float64Array([1]),
            bytes: Buffer.from('b'),
          }))
          expect(value).toBeInstanceOf(Object)
          expect(value.list).toBeInstanceOf(Array)
          expect(value.list[0]).toBeInstanceOf(Map)
          expect(value.list[0].get('a')).toBeInstanceOf(Date)
          expect(value.floats).toBeInstanceOf(Float64Array)
          assert.deepStrictEqual(value.list[1], new Set([/x/]))
          const error = await point.run(() => { throw new TypeError('thrown') }).catch(error => error)
          expect(error).toBeInstanceOf(TypeError)
          await point.dispose()
        })
      `,
    },
    variants: { strict: { ...strict, scope: 'all' } },
  })
  expect(jestOutcomes(variants.strict)).toEqual({ 'one.test.js > values and errors': 'passed' })
})

/** With `hoist`, and with a `setup`: the state of the page, what listens to it, and timers. */
const page = `
  const { setup } = require('forkpoint')
  let ticks
  setup(() => {
    document.body.innerHTML = '<ul><li>first</li></ul>'
    document.title = 'built'
    document.cookie = 'a=; max-age=0'
    location.hash = ''
    localStorage.setItem('key', 'built')
    window.clicks = 0
    const count = () => { window.clicks++ }
    document.body.addEventListener('click', count)
    ticks = 0
    const timer = setInterval(() => { ticks++ }, 5)
    return () => {
      clearInterval(timer)
      document.body.removeEventListener('click', count)
    }
  })
  test.each([1, 2, 3])('test %i starts from the page of the setup', async () => {
    expect([document.querySelectorAll('li').length, document.title, localStorage.getItem('key')]).toEqual([1, 'built', 'built'])
    expect([window.clicks, ticks, document.cookie, location.hash]).toEqual([0, 0, '', ''])
    expect(document.body.innerHTML).toMatchSnapshot()
    document.querySelector('ul').append(document.createElement('li'))
    document.querySelector('li').click()
    document.title = 'changed'
    document.cookie = 'a=1'
    location.hash = 'changed'
    localStorage.setItem('key', 'changed')
    expect(window.clicks).toBe(1)
    await new Promise(resolve => {
      const timer = window.setInterval(() => {
        if (ticks === 0) return
        window.clearInterval(timer)
        resolve()
      }, 1)
    })
  })
  test('values have the classes of the window', () => {
    expect(document.querySelector('li')).toBeInstanceOf(HTMLLIElement)
    expect(window).toBe(globalThis)
    expect(document.body).toBeInstanceOf(window.Node)
    expect(() => document.querySelector('!')).toThrow(window.DOMException)
    expect([]).toBeInstanceOf(Array)
  })
  test('an error of the page is shown', () => { document.querySelector('!') })
`

test('an environment that a project names beside the preset is rolled back, jsdom too', async () => {
  const files = {
    'page.test.js': page,
    'told.js': `
      const { appendFileSync } = require('node:fs')
      const { TestEnvironment } = require('jest-environment-node')
      module.exports = class extends TestEnvironment {
        handleTestEvent({ name }) {
          if (name.startsWith('run_')) appendFileSync(__dirname + '/events', name + ' ')
        }
      }
    `,
    'told.mjs': `
      import { TestEnvironment } from 'jest-environment-node'
      export default class Told extends TestEnvironment {
        async setup() {
          await super.setup()
          this.global.told = []
        }
      }
    `,
    'node.test.js': `
      const { setup } = require('forkpoint')
      globalThis.told ??= []
      setup(() => { told.push('setup') })
      test.each([1, 2])('test %i', () => { expect(told).toEqual(['setup']); told.push('test') })
    `,
    'comment.test.js': `
      /**
       * @jest-environment jsdom
       */
      let list
      beforeEach(() => { list = [] })
      test('is as without forkpoint', () => { expect(list).toEqual([]); expect(document.title).toBe('') })
    `.trimStart(),
  }
  const named = (testEnvironment: string, name: string): object => ({
    testEnvironment,
    testMatch: [`**/${name}.test.js`],
  })
  const { variants, stderr, leftover } = await runJest({
    target,
    files,
    variants: {
      plain: false,
      jsdom: strict,
      mixed: { engine: 'fork', warmup: 1 },
      cjs: strict,
      esm: strict,
      comment: { ...strict, hoist: true },
    },
    configOf: {
      plain: named('jsdom', 'page'),
      jsdom: named('jsdom', 'page'),
      mixed: named('jsdom', 'page'),
      cjs: named('<rootDir>/told.js', 'node'),
      esm: named('<rootDir>/told.mjs', 'node'),
      comment: named('node', 'comment'),
    } as never,
  })
  const { plain, jsdom, mixed } = variants
  expect(differencesOf(plain, jsdom).join('\n'), stderr).toBe('')
  expect(differencesOf(plain, mixed).join('\n')).toBe('')
  expect(Object.values(jestOutcomes(jsdom)).map(outcome => outcome.slice(0, 6))).toEqual([
    ...Array(4).fill('passed'),
    'failed',
  ])
  const two = { 'node.test.js > test 1': 'passed', 'node.test.js > test 2': 'passed' }
  expect([jestOutcomes(variants.cjs), jestOutcomes(variants.esm)]).toEqual([two, two])
  expect(variants.cjs.files.events).toBe('run_start run_describe_start run_describe_finish run_finish ')
  expect(Object.values(jestOutcomes(variants.comment))).toEqual(['passed'])
  expect(stderr.split('\n').filter(line => line.startsWith('[forkpoint]'))).toEqual([
    '[forkpoint] Nothing is rolled back in the file that names an environment by `@jest-environment` (comment.test.js): make one ' +
      'with `withForkpoint`, and name that.',
  ])
  // Of jsdom 5 and 4, of the others 2 each.
  expect(/Restores +(\d+)/.exec(stderr)?.[1]).toBe('13')
  expect(leftover).toEqual([])
})
