import { describe, expect, test } from 'vitest'
import type { SuiteRun } from '../support/suite-run.ts'
import { targetNames } from '../support/targets.ts'
import { counter, countsOf } from './counted.ts'
import { sharedRun } from './shared-run.ts'

const head = `
  import { setup } from 'forkpoint'
  import { beforeAll, describe, expect, test } from 'vitest'
  import { count } from './count.ts'
  const counted = name => setup(() => {
    count('setup of ' + name)
    return () => count('teardown of ' + name)
  })
`

const files = {
  ...counter,
  'one.test.ts': `${head}
    counted('one')
    test.each([1, 2, 3, 4, 5])('test %i', () => count('test of one'))
  `,
  'two.test.ts': `${head}
    counted('two')
    test.each([1, 2, 3])('test %i', () => count('test of two'))
  `,
  'nested.test.ts': `${head}
    counted('outer')
    test('before', () => {})
    describe('inner', () => {
      counted('inner')
      test.each([1, 2])('test %i', () => {})
      describe('deepest', () => {
        counted('deepest')
        test.each([1, 2])('test %i', () => {})
      })
      test('after', () => {})
    })
    describe('sibling', () => {
      counted('sibling')
      test.each([1, 2])('test %i', () => {})
    })
    test('after', () => {})
  `,
  'before-all.test.ts': `${head}
    counted('around beforeAll')
    test('before', () => {})
    describe('nested', () => {
      beforeAll(() => count('beforeAll'))
      test.each([1, 2])('test %i', () => {})
    })
    test('after', () => {})
  `,
  'retry.test.ts': `${head}
    let tries = 0
    counted('retried')
    test('is tried three times', { retry: 2 }, ({ task }) => {
      tries++
      count('try that sees ' + tries)
      expect(task.result.retryCount).toBe(2)
    })
    test('after', () => count('then ' + tries))
  `,
  'twice.test.ts': `${head}
    counted('two setups, first')
    counted('two setups, second')
    test.each([1, 2, 3])('test %i', () => {})
  `,
}

/** Setups and teardowns that ran as often as each other, by the name of their suite. */
function setupsOf(run: SuiteRun): Record<string, number> {
  const counts = countsOf(run)
  return Object.fromEntries(
    Object.entries(counts).flatMap(([line, count]) => {
      const name = /^setup of (.*)/.exec(line)?.[1]
      if (name === undefined) return []
      return [[name, counts[`teardown of ${name}`] === count ? count : Number.NaN]]
    }),
  )
}

const once = {
  one: 1,
  two: 1,
  outer: 1,
  inner: 1,
  deepest: 1,
  sibling: 1,
  // On the plain way it would run after the nested suite's beforeAll, and so it does here, once.
  'around beforeAll': 2,
  retried: 1,
  'two setups, first': 1,
  'two setups, second': 1,
}
const perTry = {
  one: 5,
  two: 3,
  outer: 9,
  inner: 5,
  deepest: 2,
  sibling: 2,
  'around beforeAll': 4,
  retried: 4,
  'two setups, first': 3,
  'two setups, second': 3,
}
const flatAfterTwoWarmUps = { one: 3, two: 3, 'two setups, first': 3, 'two setups, second': 3 }

describe.each(targetNames)('%s', target => {
  const strict = sharedRun({ target, files, plugin: { engine: 'fork', warmup: 0 } })
  const warmed = sharedRun({ target, files, plugin: { engine: 'fork', warmup: 2 } })
  const off = sharedRun({ target, files, plugin: { engine: 'off' } })
  const runs = { strict, warmed, off }

  test.concurrent.each(Object.entries(runs))('%s: the run passes', async (_, run) => {
    const { exitCode, leftover, captured } = await run()
    expect({ exitCode, leftover, errors: captured.unhandledErrors }).toEqual({
      exitCode: 0,
      leftover: [],
      errors: [],
    })
  })

  test.concurrent('setup and its teardown run once per suite, whatever is nested in it', async () => {
    expect(setupsOf(await strict())).toEqual(once)
  })

  test.concurrent('with warm-up tests, once more for each of them', async () => {
    expect(setupsOf(await warmed())).toMatchObject(flatAfterTwoWarmUps)
  })

  test.concurrent('with the engine off, once per try of a test', async () => {
    expect(setupsOf(await off())).toEqual(perTry)
  })

  test.concurrent('a beforeAll runs once in any case', async () => {
    const all = await Promise.all(Object.values(runs).map(run => run()))
    expect(all.map(run => countsOf(run).beforeAll)).toEqual([1, 1, 1])
  })

  test.concurrent('every test runs once', async () => {
    const counts = countsOf(await strict())
    expect([counts['test of one'], counts['test of two']]).toEqual([5, 3])
  })

  test.concurrent('each try of a retried test starts from the checkpoint, and setup is not run again', async () => {
    const rolledBack = countsOf(await strict())
    expect([rolledBack['try that sees 1'], rolledBack['then 0']]).toEqual([3, 1])
    const plain = countsOf(await off())
    expect([1, 2, 3].map(seen => plain[`try that sees ${seen}`])).toEqual([1, 1, 1])
    expect(plain['then 3']).toBe(1)
  })
})
