import { afterAll, test as base, describe, expect } from 'vitest'

const calls: string[] = []
let made = 0

interface Fixtures {
  perTest: { id: number; list: string[] }
  perFile: { id: number; list: string[] }
  perWorker: { id: number }
  automatic: string
  derived: string
  plain: number
}

const test = base.extend<Fixtures>({
  perTest: async ({ task }, use) => {
    calls.push(`perTest for ${task.name}`)
    await use({ id: ++made, list: [] })
    calls.push(`perTest torn down after ${task.name}`)
  },
  perFile: [
    // biome-ignore lint/correctness/noEmptyPattern: Vitest demands the pattern
    async ({}, use) => {
      calls.push('perFile')
      await use({ id: ++made, list: [] })
      calls.push('perFile torn down')
    },
    { scope: 'file' },
  ],
  perWorker: [
    // biome-ignore lint/correctness/noEmptyPattern: Vitest demands the pattern
    async ({}, use) => {
      calls.push('perWorker')
      await use({ id: ++made })
    },
    { scope: 'worker' },
  ],
  automatic: [
    async ({ task }, use) => {
      calls.push(`automatic for ${task.name}`)
      await use('on')
      calls.push(`automatic torn down after ${task.name}`)
    },
    { auto: true },
  ],
  derived: async ({ perTest, perFile }, use) => {
    await use(`${perTest.id} of ${perFile.id}`)
  },
  plain: 7,
})

afterAll(() => {
  console.log(calls.join('\n'))
})

test('automatic only', () => {
  expect(calls).toContain('automatic for automatic only')
})
test('of the test', ({ perTest }) => {
  perTest.list.push('x')
  expect(perTest).toEqual({ id: 1, list: ['x'] })
})
test('of the test, a fresh one', ({ perTest }) => {
  expect(perTest).toEqual({ id: 1, list: [] })
})
test('of the file', ({ perFile }) => {
  perFile.list.push('shared')
  expect(perFile.list).toEqual(['shared'])
})
test('of the file, the same one', ({ perFile }) => {
  expect(perFile.list).toEqual(['shared'])
})
test('of the worker', ({ perWorker, plain }) => {
  expect([typeof perWorker.id, plain]).toEqual(['number', 7])
})
test('derived', ({ derived }) => {
  expect(derived).toMatch(/^\d of \d$/)
})

describe('hooks with fixtures', () => {
  test.beforeEach(({ perTest }) => {
    perTest.list.push('from a hook')
  })
  test.afterEach(({ perTest }) => {
    calls.push(`afterEach sees ${perTest.list.join()}`)
  })
  test('the test sees the same', ({ perTest }) => {
    expect(perTest.list).toEqual(['from a hook'])
  })
})

describe('overrides', () => {
  test.override({ plain: 8 })
  test('in this suite', ({ plain }) => {
    expect(plain).toBe(8)
  })
})
test('outside of it', ({ plain }) => {
  expect(plain).toBe(7)
})

const failing = test.extend<{ broken: string; untidy: string }>({
  // biome-ignore lint/correctness/noEmptyPattern: Vitest demands the pattern
  broken: async ({}) => {
    throw new Error('fixture failed')
  },
  // biome-ignore lint/correctness/noEmptyPattern: Vitest demands the pattern
  untidy: async ({}, use) => {
    await use('x')
    throw new Error('teardown failed')
  },
})
failing('a fixture that fails', ({ broken }) => {
  expect(broken).toBe('never')
})
failing('a teardown that fails', ({ untidy }) => {
  expect(untidy).toBe('x')
})
