// Suites with hooks of their own run in a branch, and their tests in branches of that: each of both may end.
import { setup } from 'forkpoint'
import { beforeAll, describe, expect, test } from 'vitest'

let fruit: string[]

setup(() => {
  fruit = ['apple']
})

describe('a suite whose test crashes', () => {
  let isOpen = false
  beforeAll(() => {
    isOpen = true
  })
  test('crashes', () => {
    fruit.pop()
    process.kill(process.pid, 'SIGSEGV')
  })
  test('and the next one runs', () => {
    expect([isOpen, fruit]).toEqual([true, ['apple']])
  })
})

describe('a suite whose hook crashes', () => {
  beforeAll(() => {
    process.kill(process.pid, 'SIGSEGV')
  })
  test('is not run', () => {})
})

test('and the next one runs', () => {
  expect(fruit).toEqual(['apple'])
})
