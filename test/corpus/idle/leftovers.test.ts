// Tests that lean on each other, which plain Vitest allows: without `setup` forkpoint must leave them alone.
import { beforeAll, describe, expect, test } from 'vitest'

let list: string[] = []
beforeAll(() => {
  list = ['from beforeAll']
})
test('adds', () => {
  list.push('from the first test')
  process.env.LEFT = 'here'
  Reflect.set(globalThis, 'left', 'here')
})
test('finds it', () => {
  expect(list).toEqual(['from beforeAll', 'from the first test'])
  expect(process.env.LEFT).toBe('here')
  expect(Reflect.get(globalThis, 'left')).toBe('here')
})
describe('nested', () => {
  beforeAll(() => {
    list.push('nested beforeAll')
  })
  test('finds both', () => {
    expect(list).toHaveLength(3)
  })
})
test('finds all of it', () => {
  expect(list).toHaveLength(3)
})
