// Nested suites that change what is outside of them, and siblings that look.
import { setup } from 'forkpoint'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'

let mode = 'none'
let items: string[] = []
const log: string[] = []

setup(() => {
  items = ['base']
})

test('before', () => {
  items.push('before')
  expect([mode, items]).toEqual(['none', ['base', 'before']])
})

describe('with beforeAll', () => {
  beforeAll(() => {
    mode = 'first'
    log.push('first')
  })
  afterAll(() => {
    mode = 'none'
    log.pop()
  })
  test('sees it', () => {
    items.push('x')
    expect([mode, items, log]).toEqual(['first', ['base', 'x'], ['first']])
  })
  test('sees it again', () => {
    expect([mode, items, log]).toEqual(['first', ['base'], ['first']])
  })
})

test('between', () => {
  expect([mode, items, log]).toEqual(['none', ['base'], []])
})

describe('with setup', () => {
  setup(() => {
    items.push('nested')
  })
  test('sees both', () => {
    items.push('y')
    expect(items).toEqual(['base', 'nested', 'y'])
  })
  test('sees both again', () => {
    expect(items).toEqual(['base', 'nested'])
  })
})

describe('with neither', () => {
  test('sees the base', () => {
    expect([mode, items]).toEqual(['none', ['base']])
    items.length = 0
  })
  test('sees the base again', () => {
    expect(items).toEqual(['base'])
  })
})

describe('with beforeAll and setup', () => {
  let local = ''
  beforeAll(() => {
    local = 'from beforeAll'
    mode = 'second'
  })
  setup(() => {
    items.push(local)
  })
  beforeEach(() => {
    items.push(mode)
  })
  afterAll(() => {
    mode = 'none'
  })
  test('has all', () => {
    expect(items).toEqual(['base', 'from beforeAll', 'second'])
    items.pop()
  })
  test('has all again', () => {
    expect(items).toEqual(['base', 'from beforeAll', 'second'])
    items.length = 0
  })
})

test('after', () => {
  expect([mode, items, log]).toEqual(['none', ['base'], []])
})
