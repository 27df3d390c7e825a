// A suite in plain JavaScript, with options, only one test per suite, and suites without hooks.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'

const all = []

describe('without hooks', () => {
  test('leaves something', () => {
    all.push('left')
  })
  test('is left alone', () => {
    expect(all).toEqual(['left'])
  })
})

describe('one test', () => {
  let value
  beforeEach(() => {
    value = { a: 1 }
  })
  test('alone', () => {
    value.a++
    expect(value).toEqual({ a: 1 })
  })
})

describe('no test runs', () => {
  beforeEach(() => {
    throw new Error('must not run')
  })
  test.skip('skipped', () => {})
  test.todo('to be written')
})

describe('with options', { retry: 1, timeout: 500 }, () => {
  let value
  beforeEach(() => {
    value = 1
  })
  test('fails twice', () => {
    value++
    expect(value).toBe(1)
  })
  test('passes', () => {
    expect(value).toBe(1)
  })
})

describe('with a beforeAll that fails', () => {
  let value
  beforeAll(() => {
    throw new Error('no beforeAll')
  })
  beforeEach(() => {
    value = 1
  })
  test('is skipped', () => {
    expect(value).toBe(2)
  })
})

describe('with an afterAll that fails', () => {
  let value
  beforeEach(() => {
    value = 1
  })
  afterAll(() => {
    throw new Error('no afterAll')
  })
  test('passes', () => {
    expect(value).toBe(1)
  })
})
