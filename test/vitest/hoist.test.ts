import { describe, expect, test } from 'vitest'
import { compareRuns } from '../support/compare-runs.ts'
import { isOfOrder } from '../support/is-of-order.ts'
import type { SuiteRun } from '../support/suite-run.ts'
import { targetNames } from '../support/targets.ts'
import { counter, countsOf } from './counted.ts'
import { sharedRun } from './shared-run.ts'

const head = `
import { aroundEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { count } from './count.ts'
import { elsewhere, later, useShop } from './helpers.ts'
`

const files = {
  ...counter,
  'helpers.ts': `
    import { beforeEach, onTestFinished } from 'vitest'
    import { count } from './count.ts'
    export const later = () => onTestFinished(() => count('later'))
    export const elsewhere = () => count('elsewhere')
    export const useShop = () => { beforeEach(() => count('in a helper')) }
  `,
  'setup-file.ts': `
    import { beforeEach } from 'vitest'
    import { count } from './count.ts'
    beforeEach(() => count('in a setup file'))
  `,
  'free.test.ts': `${head}
    let list
    const byConst = () => count('by const')
    beforeEach(() => { list = ['a']; count('arrow') })
    beforeEach(async () => { await null; list.push('b'); count('async') })
    beforeEach(function () { count('function') })
    beforeEach(byName)
    beforeEach(byConst)
    useShop()
    function byName() { count('by name') }
    for (const item of ['c', 'd']) beforeEach(() => { list.push(item); count('in a loop') })
    test.each([1, 2])('test %i', () => {
      expect(list).toEqual(['a', 'b', 'c', 'd'])
      list.push('x')
    })
    describe('nested', () => {
      beforeEach(() => { list.push('e'); count('nested') })
      test.each([1, 2])('test %i', () => {
        expect(list).toEqual(['a', 'b', 'c', 'd', 'e'])
        list.push('x')
      })
    })
  `,
  'globals.test.ts': `
    beforeEach(() => { globalThis.visits = 0 })
    test.each([1, 2])('test %i', () => { expect(++globalThis.visits).toBe(1) })
  `,
  'spies.test.ts': `${head}
    import { setup } from 'forkpoint'
    const shop = { price: () => 1, stock: () => 1 }
    setup(() => { vi.spyOn(shop, 'stock').mockReturnValue(2) })
    beforeEach(() => { vi.spyOn(shop, 'price').mockReturnValue(2); count('spy') })
    test.each([1, 2])('test %i', () => {
      expect([shop.price(), shop.stock()]).toEqual([2, 2])
      expect(shop.price).toHaveBeenCalledOnce()
      vi.mocked(shop.price).mockReturnValue(3)
      vi.mocked(shop.stock).mockRestore()
    })
  `,
  'left.test.ts': `${head}
    const shadowed = () => {}
    const twice = (name) => test.each(['first', 'second'])('%s', () => {})
    describe('context', () => { beforeEach(({ task }) => count('context of ' + task.name)); twice() })
    describe('after one that is left', () => {
      beforeEach(({ task }) => {})
      beforeEach(() => count('after context'))
      describe('nested', () => { beforeEach(() => count('nested after context')); twice() })
    })
    describe('before one that is left', () => {
      beforeEach(() => count('before context'))
      beforeEach(({ task }) => {})
      twice()
    })
    describe('expect', () => { beforeEach(() => { expect(1).toBe(1); count('expect') }); twice() })
    describe('onTestFinished', () => { beforeEach(() => { onTestFinished(() => count('finished')) }); twice() })
    describe('arguments', () => { beforeEach(function () { count('arguments: ' + arguments.length) }); twice() })
    describe('of another file', () => { beforeEach(elsewhere); twice() })
    describe('shadowed', () => {
      const shadowed = ({ task }) => count('shadowed of ' + task.name)
      beforeEach(shadowed)
      twice()
    })
    describe('aroundEach', () => {
      aroundEach(async run => { count('around'); await run() })
      beforeEach(() => count('in aroundEach'))
      twice()
    })
    describe('not a statement', () => { void (true && beforeEach(() => count('not a statement'))); twice() })
  `,
  // Whether a hook needs a running test can't always be read from its source.
  'unforeseen.test.ts': `${head}
    beforeEach(() => { later(); count('unforeseen') })
    test.each([1, 2])('test %i', () => {})
  `,
}

const config = { globals: true, restoreMocks: true, setupFiles: ['./setup-file.ts'] }
const plugin = { engine: 'fork', warmup: 0, hoist: true, report: 'report.json' }

interface Report {
  hoisted: number
  notHoisted: Array<{ site: string; why: string }>
}

function reportOf(run: SuiteRun): Report {
  return JSON.parse(run.files['report.json'] ?? '') as Report
}

describe.each(targetNames)('%s', target => {
  const plain = sharedRun({ target, files, plugin: false, config })
  const hoisted = sharedRun({ target, files, plugin, config })
  const parallelConfig = { ...config, sequence: { hooks: 'parallel' } }
  const parallel = sharedRun({ target, files, plugin, config: parallelConfig })

  test.concurrent.each([
    ['hoisted', hoisted],
    ['in parallel', parallel],
  ])('outcomes are those of plain Vitest, with hooks %s', async (_, run) => {
    const differences = compareRuns(await plain(), await run(), { except: [/\.hooks($|\.)/, /^files\./] })
    // The order is the differential run's business: see `isOfOrder`.
    const others = differences.filter(difference => !isOfOrder(difference))
    expect([others, (await run()).exitCode]).toEqual([[], 0])
  })

  test.concurrent('a hook that needs no test runs once per suite', async () => {
    const once = {
      arrow: 1,
      async: 1,
      function: 1,
      'by name': 1,
      'by const': 1,
      'in a helper': 1,
      // Two hooks, registered by one statement.
      'in a loop': 2,
      nested: 1,
      spy: 1,
      'before context': 1,
      // Once for each of the four files that are rolled back, and for each test of the fifth.
      'in a setup file': 6,
    }
    expect(countsOf(await hoisted())).toMatchObject(once)
    expect(countsOf(await plain())).toMatchObject({ arrow: 4, 'in a loop': 8, 'in a setup file': 30 })
  })

  test.concurrent('every other hook runs for every test', async () => {
    const [counts, plainCounts] = [countsOf(await hoisted()), countsOf(await plain())]
    const left = [
      ...['context of first', 'context of second', 'after context', 'nested after context', 'expect'],
      ...['finished', 'arguments: 1', 'elsewhere', 'shadowed of first', 'shadowed of second'],
      ...['around', 'in aroundEach', 'not a statement', 'unforeseen', 'later'],
    ]
    expect(left.map(name => counts[name])).toEqual(left.map(name => plainCounts[name]))
  })

  test.concurrent('the summary counts the hooks', async () => {
    const line = (await hoisted()).stdout.split('\n').find(line => line.startsWith('    Hoisted  '))
    expect(line).toBe('    Hoisted  18 hooks run once per suite, 12 left alone')
  })

  test.concurrent('a hook that turns out to need a running test is run for every test', async () => {
    expect((await hoisted()).stdout.trimEnd().split('\n').slice(-2)).toEqual([
      '   Findings  1',
      '             Setup was re-run for every test: a hook failed when it was run once for the suite. (unforeseen.test.ts)',
    ])
  })

  test.concurrent('the report says why each hook was left alone', async () => {
    const { hoisted: count, notHoisted } = reportOf(await hoisted())
    expect([count, ...notHoisted.map(({ site, why }) => `${site} ${why}`)]).toEqual([
      18,
      '<dir>/left.test.ts:8:33 it takes the test context',
      '<dir>/left.test.ts:10:7 it takes the test context',
      '<dir>/left.test.ts:11:7 a hook that runs before it is not hoisted',
      '<dir>/left.test.ts:12:34 a hook that runs before it is not hoisted',
      '<dir>/left.test.ts:16:7 it takes the test context',
      '<dir>/left.test.ts:19:32 it uses `expect`, which needs a running test',
      '<dir>/left.test.ts:20:40 it uses `onTestFinished`, which needs a running test',
      '<dir>/left.test.ts:21:35 it takes the test context',
      '<dir>/left.test.ts:22:41 its name is not that of exactly one function of its file',
      '<dir>/left.test.ts:25:7 its name is not that of exactly one function of its file',
      '<dir>/left.test.ts:30:7 a hook that runs before it is not hoisted',
      '<dir>/left.test.ts:33:55 forkpoint did not see its source: it is registered by another file, or not in a statement of its own',
    ])
  })

  test.concurrent('hooks that run in parallel are all left alone', async () => {
    const { hoisted: count, notHoisted } = reportOf(await parallel())
    expect([count, notHoisted.length]).toEqual([0, 30])
    expect(notHoisted[0]).toMatchObject({
      site: '<dir>/setup-file.ts:4:5',
      why: "hooks run in parallel (`sequence.hooks: 'parallel'`)",
    })
    expect(countsOf(await parallel())).toEqual(countsOf(await plain()))
  })
})
