// Some of what is stored for these tests is right, some is wrong, some belongs to nobody.
import { beforeEach, describe, expect, test } from 'vitest'

let value: { a: number }
beforeEach(() => {
  value = { a: 1 }
})

test('right', () => {
  expect(value).toMatchSnapshot()
  value.a = 2
})
test('wrong', () => {
  expect(value).toMatchSnapshot()
})
test('one of two', () => {
  expect(value).toMatchSnapshot()
})
test.skip('skipped, keeps its own', () => {
  expect(value).toMatchSnapshot()
})
test('skips itself, keeps its own', ({ skip }) => {
  skip()
  expect(value).toMatchSnapshot()
})
test('fails before it', () => {
  expect(value.a).toBe(3)
  expect(value).toMatchSnapshot()
})
describe('nested', () => {
  test('right too', () => {
    expect(value.a).toMatchSnapshot()
  })
  test('new', () => {
    expect(value.a).toMatchSnapshot()
  })
  test.todo('to be written')
})
