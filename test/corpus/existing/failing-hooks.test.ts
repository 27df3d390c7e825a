import { afterEach, beforeEach, describe, expect, test } from 'vitest'

let ready = false

describe('a hook that throws', () => {
  beforeEach(() => {
    ready = true
    throw new TypeError('cannot build')
  })
  afterEach(() => {
    console.log(`afterEach: ${ready}`)
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
  test.todo('to be written')
  describe('nested', () => {
    beforeEach(() => {
      throw new Error('must not run either')
    })
    test('third', () => {})
  })
})

describe('a hook that rejects', () => {
  beforeEach(async () => {
    await null
    expect({ built: false }).toEqual({ built: true })
  })
  test('first', () => {})
  test('second', () => {})
})

describe('a hook out of time', () => {
  beforeEach(() => new Promise(() => {}), 40)
  test('first', () => {})
  test('second', () => {})
})

describe('a nested hook that throws', () => {
  let list: number[] = []
  beforeEach(() => {
    list = [1]
  })
  test('before it', () => {
    expect(list).toEqual([1])
  })
  describe('nested', () => {
    beforeEach(() => {
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

describe('a hook that throws something else', () => {
  beforeEach(() => {
    throw 'text'
  })
  test('first', () => {})
})
