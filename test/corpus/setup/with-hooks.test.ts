// setup among all the hooks Vitest has. Setups come first, so each is declared first.
import { AsyncLocalStorage } from 'node:async_hooks'
import { setup } from 'forkpoint'
import {
  afterAll,
  afterEach,
  aroundEach,
  test as base,
  beforeAll,
  beforeEach,
  describe,
  expect,
  onTestFinished,
} from 'vitest'

const storage = new AsyncLocalStorage<string>()
const calls: string[] = []
let rows: string[] = []

const test = base.extend<{ row: string; shared: { used: number } }>({
  row: async ({ task }, use) => {
    rows.push(`row of ${task.name}`)
    await use(rows.at(-1) ?? '')
    rows.pop()
  },
  shared: [
    // biome-ignore lint/correctness/noEmptyPattern: Vitest demands the pattern
    async ({}, use) => {
      calls.push('shared made')
      await use({ used: 0 })
      console.log('shared torn down')
    },
    { scope: 'file' },
  ],
})

setup(() => {
  rows = ['set up']
  return () => {
    rows = ['torn down']
  }
})
beforeAll(() => {
  calls.push('beforeAll')
})
afterAll(() => {
  console.log(`afterAll, ${calls.filter(call => call === 'beforeAll').length} beforeAll`)
})
aroundEach(async (runTest, { task }) => {
  await storage.run(`around ${task.name}`, runTest)
})
beforeEach(({ task }) => {
  rows.push(`beforeEach of ${task.name} in ${storage.getStore()}`)
})
// A nested setup comes before the outer beforeEach with forkpoint, after it where setup is beforeEach: hence sorted.
const sorted = (): string[] => [...rows].sort()
afterEach(() => {
  console.log(sorted().join('; '))
})

test('first', () => {
  rows.push('first')
  expect(rows).toHaveLength(3)
})
test('second', ({ row }) => {
  expect(sorted()).toMatchSnapshot()
  expect(row).toBe('row of second')
})
test('of the file', ({ shared }) => {
  shared.used++
  rows.length = 0
  expect(shared.used).toBeGreaterThan(0)
})
test('retried', { retry: 2 }, ({ row, task }) => {
  rows.push('tried')
  expect(rows).toHaveLength(4)
  expect([row, task.result?.retryCount]).toEqual(['row of retried', 1])
})
test('finished', () => {
  onTestFinished(() => console.log('finished'))
  throw new Error(`failed with ${rows.length}`)
})
test('skips itself', ({ skip }) => {
  rows.push('x')
  skip('in the middle')
})

describe('nested', () => {
  setup(async () => {
    await null
    rows.push('nested set up')
  })
  beforeEach(() => {
    rows.push('nested beforeEach')
  })
  test('has all, in order', () => {
    expect(rows.filter(row => !row.startsWith('beforeEach of'))).toEqual([
      'set up',
      'nested set up',
      'nested beforeEach',
    ])
  })
  test('and again', ({ row }) => {
    expect(rows).toContain(row)
    rows.length = 0
  })
  test.each([1, 2])('each %i', number => {
    rows.push(`${number}`)
    expect(sorted()).toMatchSnapshot()
  })
})
test('after the nested suite', () => {
  expect(rows).not.toContain('nested set up')
})
