import { setup } from 'forkpoint'
import { afterEach, describe, expect, test } from 'vitest'

describe('a setup that throws', () => {
  setup(() => {
    throw new TypeError('cannot build')
  })
  afterEach(() => {
    console.log('afterEach')
  })
  test('first', () => {
    throw new Error('must not run')
  })
  test('second', () => {
    throw new Error('must not run')
  })
  test('retried', { retry: 1 }, () => {})
  test.fails('expected to fail', () => {})
  test.skip('skipped', () => {})
  describe('nested', () => {
    test('third', () => {
      throw new Error('must not run')
    })
  })
})

describe('a setup that rejects', () => {
  setup(async () => {
    await null
    expect({ built: false }).toEqual({ built: true })
  })
  test('first', () => {})
  test('second', () => {})
})

describe('a setup out of time', () => {
  setup(() => new Promise(() => {}), 40)
  test('first', () => {})
  test('second', () => {})
})

describe('a nested setup that throws', () => {
  let list: number[] = []
  setup(() => {
    list = [1]
  })
  test('before it', () => {
    expect(list).toEqual([1])
    list.push(9)
  })
  describe('nested', () => {
    setup(() => {
      list.push(2)
      throw new Error(`nested, with ${list.join()}`)
    })
    test('first', () => {})
    test('second', () => {})
  })
  test('after it', () => {
    expect(list).toEqual([1])
  })
})

describe('two setups', () => {
  let list: string[] = []
  setup(() => {
    list = ['one']
  })
  setup(() => {
    list.push('two')
  })
  test('in order', () => {
    expect(list.splice(0)).toEqual(['one', 'two'])
  })
  test('in order again', () => {
    expect(list).toEqual(['one', 'two'])
  })
})
