import { test as base, beforeEach, describe, expect } from 'vitest'

let rows: string[] = []
const made: string[] = []

interface Fixtures {
  row: string
  session: { rows: string[]; used: number }
  automatic: undefined
}

const test = base.extend<Fixtures>({
  row: async ({ task }, use) => {
    rows.push(`row of ${task.name}`)
    await use(rows.at(-1) ?? '')
    rows.pop()
  },
  session: [
    // biome-ignore lint/correctness/noEmptyPattern: Vitest demands the pattern
    async ({}, use) => {
      made.push('session')
      await use({ rows: ['in the session'], used: 0 })
      console.log(`session torn down, made ${made.length}`)
    },
    { scope: 'file' },
  ],
  automatic: [
    async ({ task }, use) => {
      rows.push(`automatic of ${task.name}`)
      await use(undefined)
    },
    { auto: true },
  ],
})

beforeEach(() => {
  rows = ['built']
})

test('without fixtures', () => {
  expect(rows).toMatchSnapshot()
  rows.push('x')
})
test('a fixture of the test', ({ row }) => {
  expect([row, rows]).toMatchSnapshot()
})
test('a fixture of the file', ({ session }) => {
  session.used = 1
  expect(session.rows).toEqual(['in the session'])
})
test('a fixture of the file again', ({ session }) => {
  expect(session.rows).toEqual(['in the session'])
})
test('both', ({ row, session }) => {
  session.used = 2
  expect([row, session.rows.length]).toEqual(['row of both', 1])
})

describe('hooks with fixtures beside hooks without', () => {
  beforeEach(() => {
    rows.push('from the inner hook')
  })
  test.beforeEach(({ row }) => {
    rows.push(`after ${row}`)
  })
  test('in their order', () => {
    expect(rows).toMatchSnapshot()
  })
  test('in their order again', () => {
    expect(rows).toMatchSnapshot()
  })
})
