// A nested beforeAll that touches what an outer setup builds: without forkpoint the setup comes after it, for every test.
import { setup } from 'forkpoint'
import { beforeAll, describe, expect, test } from 'vitest'

let store: Map<string, number> | undefined

setup(() => {
  store = new Map([['built', 1]])
})

test('first', () => {
  store?.set('first', 1)
  expect(store?.size).toBe(2)
})
describe('nested', () => {
  beforeAll(() => {
    store?.set('from beforeAll', 1)
  })
  test('is built anew after it', () => {
    expect([...(store?.keys() ?? [])]).toEqual(['built'])
  })
  test('and again', () => {
    expect([...(store?.keys() ?? [])]).toEqual(['built'])
  })
})
describe('nested, with a setup', () => {
  beforeAll(() => {
    store = undefined
  })
  setup(() => {
    store?.set('nested', 1)
  })
  test('is built anew after it', () => {
    expect([...(store?.keys() ?? [])]).toEqual(['built', 'nested'])
  })
})
test('last', () => {
  expect(store?.size).toBe(1)
})
