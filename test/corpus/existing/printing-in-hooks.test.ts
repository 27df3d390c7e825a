// What a hook prints belongs to the test it ran for.
import { beforeEach, describe, expect, test } from 'vitest'

let built = false
beforeEach(() => {
  built = true
  console.log('building')
})
test('first', () => {
  console.log('first')
  expect(built).toBe(true)
})
test('second', () => {
  console.log('second')
  built = false
})
describe('nested', () => {
  beforeEach(() => {
    console.warn('building more')
  })
  test('third', () => {
    expect(built).toBe(true)
  })
  test('fourth', { retry: 1 }, ({ task }) => {
    expect(task.result?.retryCount).toBe(1)
  })
})
