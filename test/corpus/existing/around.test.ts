import { AsyncLocalStorage } from 'node:async_hooks'
import { aroundEach, beforeEach, describe, expect, test } from 'vitest'

const transaction = new AsyncLocalStorage<string[]>()
let rows: string[] = []

describe('a hook inside aroundEach', () => {
  aroundEach(async runTest => {
    await transaction.run([], runTest)
  })
  beforeEach(() => {
    transaction.getStore()?.push('from beforeEach')
    rows = ['one']
  })
  test('writes into it', () => {
    transaction.getStore()?.push('from the test')
    rows.push('two')
    expect(transaction.getStore()).toEqual(['from beforeEach', 'from the test'])
  })
  test('has it afresh', () => {
    expect(transaction.getStore()).toEqual(['from beforeEach'])
    expect(rows).toEqual(['one'])
  })
  describe('nested', () => {
    beforeEach(() => {
      rows.push(`in ${transaction.getStore()?.length}`)
    })
    test('sees both', () => {
      expect(rows).toEqual(['one', 'in 1'])
    })
    test('skips itself', ({ skip }) => {
      rows.push('x')
      skip('in the middle')
    })
    test('sees both again', () => {
      expect(rows).toEqual(['one', 'in 1'])
    })
  })
})

describe('aroundEach inside a suite with a hook', () => {
  beforeEach(() => {
    rows = ['built']
  })
  describe('nested', () => {
    let opened = 0
    aroundEach(async runTest => {
      opened++
      await runTest()
      opened--
    })
    test('runs inside', () => {
      rows.push('x')
      expect([opened, rows.length]).toEqual([1, 2])
    })
    test('runs inside again', () => {
      expect([opened, rows.length]).toEqual([1, 1])
    })
    test('fails inside', () => {
      rows.push('y')
      expect(rows).toEqual(['built'])
    })
  })
})
