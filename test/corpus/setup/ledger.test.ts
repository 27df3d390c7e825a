import { setup } from 'forkpoint'
import { afterEach, describe, expect, test } from 'vitest'
import { closeLedger, currentLedger, Ledger, openLedger } from './src/ledger.ts'

let ledger: Ledger

setup(() => {
  ledger = openLedger()
})
afterEach(() => {
  closeLedger()
})

test('money moves', () => {
  ledger.transfer('alice', 'bob', 30)
  expect([ledger.balanceOf('alice'), ledger.balanceOf('bob')]).toEqual([70, 80])
})
test('it starts as it was', () => {
  expect([ledger.balanceOf('alice'), ledger.balanceOf('bob'), ledger.entries]).toEqual([100, 50, []])
})
test('the module knows it', () => {
  expect(currentLedger()).toBe(ledger)
  expect(Ledger.total).toBe(150)
  ledger.open('carol', 7)
  expect(Ledger.total).toBe(157)
})
test('a note is kept by identity', () => {
  const entry = ledger.transfer('bob', 'alice', 1, 'lunch')
  expect(ledger.noteOf(entry)).toBe('lunch')
  expect(ledger.noteOf({ ...entry })).toBeUndefined()
})
test('too little money', () => {
  ledger.transfer('alice', 'bob', 1000)
})
test('a wrong expectation', () => {
  ledger.transfer('alice', 'bob', 1)
  expect(ledger.entries).toEqual([{ from: 'alice', to: 'bob', amount: 2 }])
})
test.fails('is known to fail', () => {
  ledger.balanceOf('nobody')
})
test.fails('is said to fail but does not', () => {
  ledger.close('alice')
})
test.skip('is skipped', () => {
  throw new Error('must not run')
})
test.todo('is to be written')
test('skips itself', ({ skip }) => {
  ledger.close('bob')
  skip('after a change')
})
test('is as it was after all of them', () => {
  expect(ledger.balanceOf('bob')).toBe(50)
})

describe('each', () => {
  test.each([10, 60, 100, 110])('take %i', amount => {
    ledger.transfer('alice', 'bob', amount)
    expect(ledger.balanceOf('alice')).toBe(100 - amount)
  })
  test.each(['alice', 'bob', 'carol'])('close %s', account => {
    ledger.close(account)
    expect(() => ledger.balanceOf(account)).toThrowErrorMatchingSnapshot()
  })
})

describe('retries', () => {
  test('passes in the second try', { retry: 2 }, ({ task }) => {
    ledger.transfer('alice', 'bob', 60)
    expect(ledger.balanceOf('alice')).toBe(40)
    expect(task.result?.retryCount).toBe(1)
  })
  test('never passes', { retry: 1 }, () => {
    ledger.transfer('alice', 'bob', 60)
    expect(ledger.balanceOf('alice')).toBe(41)
  })
  test('is repeated', { repeats: 3 }, () => {
    ledger.transfer('alice', 'bob', 60)
    expect(ledger.entries).toHaveLength(1)
  })
  test('is repeated and retried', { repeats: 1, retry: 1 }, ({ task }) => {
    ledger.close('alice')
    expect(task.result?.retryCount).toBeGreaterThan(0)
  })
})

describe('expect', () => {
  test('soft', () => {
    ledger.transfer('alice', 'bob', 10)
    expect.soft(ledger.balanceOf('alice')).toBe(1)
    expect.soft(ledger.balanceOf('bob')).toBe(60)
  })
  test('assertions', () => {
    expect.assertions(2)
    expect(ledger.balanceOf('alice')).toBe(100)
  })
  test('poll', async () => {
    setTimeout(() => ledger.transfer('alice', 'bob', 10), 5)
    await expect.poll(() => ledger.balanceOf('bob'), { interval: 2, timeout: 2000 }).toBe(60)
  })
  test('snapshot', () => {
    ledger.transfer('alice', 'bob', 3)
    expect(ledger).toMatchSnapshot()
  })
  test('inline snapshot', () => {
    ledger.transfer('alice', 'bob', 4)
    expect(ledger.entries).toMatchInlineSnapshot()
  })
})
