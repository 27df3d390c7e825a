import { describe, expect, test } from 'vitest'
import type { SuiteRun } from '../support/suite-run.ts'
import { targetNames } from '../support/targets.ts'
import { counter, countsOf } from './counted.ts'
import { outcomesOf } from './outcomes.ts'
import { sharedRun } from './shared-run.ts'

/** Each run of a property looks at the state that the one before has changed. */
const files = {
  ...counter,
  'src/cart.ts': `
    let total = 0
    export const items: string[] = []
    export const add = (item: string) => { items.push(item); return ++total }
    export const read = () => [total, items.length]
  `,
  'properties.test.ts': `
    import { fc, test } from '@fast-check/vitest'
    import { afterEach, beforeEach, describe, expect } from 'vitest'
    import { setup } from 'forkpoint'
    import { count } from './count'
    import { add, items, read } from './src/cart'
    const rounds = { numRuns: 5, seed: 7 }
    let log: string[] = []
    let before = 0
    setup(() => { items.length = 0; log = ['setup']; add('first'); before = read()[0]; count('setup') })
    beforeEach(() => { log.push('each') })
    afterEach(() => { count('after') })
    test.prop([fc.string()], rounds)('every run starts from the setup', item => {
      count('run')
      expect([log, items, read()[0]]).toEqual([['setup', 'each'], ['first'], before])
      log.push('run'); add(item)
    })
    test.prop([fc.nat(100)], { ...rounds, numRuns: 100 })('a failure is shrunk to the smallest value', size => {
      expect(items).toEqual(['first'])
      for (let i = 0; i < size; i++) add('more')
      expect(items.length).toBeLessThan(12)
    })
    describe('nested', () => {
      setup(() => { add('inner') })
      test.prop([fc.nat()], rounds)('every run starts from the setups of all suites', () => {
        expect([log, items]).toEqual([['setup', 'each'], ['first', 'inner']]); add('run'); log.push('run')
      })
    })
    test('others too', () => { expect(items).toEqual(['first']) })
  `,
}

const own = {
  'once.test.ts': `
    import { fc, test } from '@fast-check/vitest'
    import { expect } from 'vitest'
    import { setup } from 'forkpoint'
    let hidden = 0
    setup(() => {})
    test.prop([fc.nat()], { numRuns: 4, seed: 7 })('what no setup resets comes back too', () => { expect(++hidden).toBe(1) })
  `,
}

const expected = {
  'properties.test.ts > every run starts from the setup (with seed=7)': 'passed',
  'properties.test.ts > nested > every run starts from the setups of all suites (with seed=7)': 'passed',
  'properties.test.ts > others too': 'passed',
}
const failing = 'properties.test.ts > a failure is shrunk to the smallest value (with seed=7)'

const findingsOf = (run: SuiteRun): unknown => JSON.parse(run.files['report.json'] ?? '{}').findings

describe.each(targetNames)('%s', target => {
  const runWith = (plugin: false | object, more: object = {}) =>
    sharedRun({
      target,
      files: { ...files, ...more },
      plugin: plugin && { warmup: 0, report: 'report.json', ...plugin },
    })
  const [plain, forked, inPlace] = [
    runWith(false),
    runWith({ engine: 'fork' }),
    runWith({ engine: 'heap' }, own),
  ]

  test.each([
    ['without forkpoint', plain],
    ['with the fork engine', forked],
    ['with the heap engine', inPlace],
  ])('every run of a property starts from the state of its setup, %s', async (_, run) => {
    const outcomes = outcomesOf(await run())
    expect(outcomes).toMatchObject(expected)
    expect(outcomes[failing]).toMatch(
      /^failed: Property failed after \d+ tests\n\{ seed: 7, path: ".*", endOnFailure: true \}\nCounterexample: \[11\]/,
    )
  })

  test('the fork engine runs the setup again for that, and says so', async () => {
    const run = await forked()
    const detail =
      'Setup was re-run for each run of a property after the first: a process that was forked can not go back to the checkpoint; ' +
      'with the heap engine each run is rolled back.'
    const file = '<dir>/properties.test.ts'
    expect(findingsOf(run)).toEqual([
      { kind: 'fallback', detail, suite: '', file, count: 2 },
      { kind: 'fallback', detail, suite: 'nested', file, count: 1 },
    ])
  })

  test('the heap engine rolls back, so that the setup runs once, and what it does not reset comes back too', async () => {
    const run = await inPlace()
    expect([findingsOf(run), countsOf(run).run]).toEqual([[], countsOf(await plain()).run])
    expect(countsOf(run).setup).toBeLessThan(5)
    expect(outcomesOf(run)['once.test.ts > what no setup resets comes back too (with seed=7)']).toBe('passed')
  })
})
