import { describe, expect, test } from 'vitest'
import type { SuiteRun } from '../support/suite-run.ts'
import { targetNames } from '../support/targets.ts'
import { counter, countsOf } from './counted.ts'
import { sharedRun } from './shared-run.ts'

const files = {
  ...counter,
  'random.test.ts': `
    import { randomInt, randomUUID } from 'node:crypto'
    import { setup } from 'forkpoint'
    import { describe, expect, test } from 'vitest'
    import { count } from './count.ts'
    const note = () => count([Math.random(), randomUUID(), randomInt(2 ** 47)].join(' '))
    setup(note)
    test.each([1, 2])('test %i', note)
    test('retried', { retry: 2 }, ({ task }) => {
      note()
      expect(task.result?.retryCount).toBe(2)
    })
    describe('nested', () => {
      setup(() => {})
      test.each([1, 2])('test %i', note)
    })
  `,
}

/** What each process noted, in the order of the run: the columns of Math.random(), randomUUID() and randomInt(). */
function columnsOf(run: SuiteRun): string[][] {
  const lines = Object.keys(countsOf(run)).map(line => line.split(' '))
  return [0, 1, 2].map(column => lines.map(line => line[column] ?? ''))
}

describe.each(targetNames)('%s', target => {
  const seeded = (seed: number): (() => Promise<SuiteRun>) =>
    sharedRun({
      target,
      files,
      plugin: { engine: 'fork', warmup: 0 },
      config: { execArgv: [`--random-seed=${seed}`] },
    })
  const run = seeded(7)

  test.concurrent('no two tests, nor two tries of one, get the same random identifier', async () => {
    const [, uuids, integers] = columnsOf(await run())
    // The setup, which a nested suite does not repeat, and seven tries.
    expect([uuids?.length, new Set(uuids).size, new Set(integers).size]).toEqual([8, 8, 8])
  })

  test.concurrent('Math.random() gives every test of a suite the same numbers', async () => {
    const [numbers] = columnsOf(await run())
    expect([
      new Set(numbers?.slice(1, 6)).size,
      new Set(numbers?.slice(6)).size,
      numbers?.every(n => +n >= 0 && +n < 1),
    ]).toEqual([1, 1, true])
  })

  test.concurrent('--random-seed among the flags of the workers gives every run the same numbers', async () => {
    const [again, other] = await Promise.all([seeded(7)(), seeded(8)()])
    // The first is the setup's, in the process that Vitest draws numbers in too.
    const numbersOf = (ended: SuiteRun): string[] | undefined => columnsOf(ended)[0]?.slice(1)
    expect(numbersOf(again)).toEqual(numbersOf(await run()))
    expect(numbersOf(other)).not.toEqual(numbersOf(again))
  })
})
