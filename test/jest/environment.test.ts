import { expect, test } from 'vitest'
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
