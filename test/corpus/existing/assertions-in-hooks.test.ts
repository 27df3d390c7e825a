// Hooks without a parameter that nevertheless speak of the running test.
import { beforeEach, describe, expect, onTestFailed, onTestFinished, test } from 'vitest'

describe('hasAssertions', () => {
  beforeEach(() => {
    expect.hasAssertions()
  })
  test('without one', () => {})
  test('with one', () => {
    expect(1).toBe(1)
  })
})

describe('assertions counted in the hook', () => {
  let list: number[] = []
  beforeEach(() => {
    list = []
    expect(list).toHaveLength(0)
  })
  test('count', () => {
    expect.assertions(1)
    list.push(1)
  })
  test('and again', () => {
    expect.assertions(2)
    expect(list).toEqual([])
  })
})

describe('a failing soft assertion in the hook', () => {
  beforeEach(() => {
    expect.soft('hook').toBe('test')
  })
  test('fails the test', () => {})
  test('every test', () => {})
})

describe('onTestFinished and onTestFailed', () => {
  let open: string[] = []
  const closed: string[] = []
  beforeEach(() => {
    open = ['resource']
    onTestFinished(() => {
      closed.push(`closed ${open.join()}`)
      console.log(closed.at(-1))
    })
    onTestFailed(() => {
      console.log('the test failed')
    })
  })
  test('passes', () => {
    open.push('more')
    expect(open).toHaveLength(2)
  })
  test('fails', () => {
    expect(open).toHaveLength(2)
  })
})

describe('a snapshot in the hook', () => {
  beforeEach(() => {
    expect('from the hook').toMatchSnapshot()
  })
  test('first', () => {
    expect('from the test').toMatchSnapshot()
  })
  test('second', () => {})
})
