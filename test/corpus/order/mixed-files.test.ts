// A suite without setup between suites with one.
import { setup } from 'forkpoint'
import { beforeAll, describe, expect, test } from 'vitest'

const left: string[] = []

describe('with setup', () => {
  let value = 0
  setup(() => {
    value = 1
  })
  test('first', () => {
    value++
    expect(value).toBe(2)
  })
  test('second', () => {
    expect(value).toBe(1)
  })
})
describe('without', () => {
  beforeAll(() => {
    left.push('beforeAll')
  })
  test('leaves something', () => {
    left.push('left')
    expect(left).toEqual(['beforeAll', 'left'])
  })
  test('finds it', () => {
    expect(left).toEqual(['beforeAll', 'left'])
  })
})
describe('with setup again', () => {
  let seen = 0
  setup(() => {
    seen = left.length
  })
  test('sees what was left', () => {
    expect(seen).toBe(2)
    seen = 9
  })
  test('sees it again', () => {
    expect(seen).toBe(2)
  })
})
describe.skip('skipped', () => {
  setup(() => {
    throw new Error('must not run')
  })
  test('inside', () => {})
})
describe('with nothing to run', () => {
  setup(() => {
    throw new Error('must not run')
  })
  test.skip('skipped', () => {})
})
