import { setup } from 'forkpoint'
import { afterEach, describe, expect, test } from 'vitest'

describe('a cleanup returned by the hook', () => {
  let open: string[] = []
  setup(() => {
    open = ['connection']
    return () => {
      open.length = 0
    }
  })
  afterEach(() => {
    console.log(`afterEach sees ${open.join() || 'nothing'}`)
  })
  test('is not run before the test ends', () => {
    open.push('cursor')
    expect(open).toEqual(['connection', 'cursor'])
  })
  test('was run', () => {
    expect(open).toEqual(['connection'])
  })
})

describe('an asynchronous cleanup', () => {
  let open = 0
  setup(async () => {
    await null
    open = 1
    return async () => {
      await null
      open = 0
    }
  })
  test('first', () => {
    open++
    expect(open).toBe(2)
  })
  test('second', () => {
    expect(open).toBe(1)
  })
})

describe('afterEach', () => {
  let list: string[] = []
  setup(() => {
    list = ['a']
  })
  afterEach(() => {
    if (list.includes('bad')) throw new Error(`afterEach found ${list.join()}`)
  })
  test('is content', () => {
    list.push('good')
  })
  test('is not', () => {
    list.push('bad')
  })
  test('is not, and the test fails too', () => {
    list.push('bad')
    expect(list).toEqual([])
  })
  test('is content again', () => {})
})
