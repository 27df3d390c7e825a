import { describe, expect, test } from 'vitest'
import { later } from './src/clock.ts'

test('named', () => {
  expect({ a: 1, list: [1, 2] }).toMatchSnapshot()
  expect('second').toMatchSnapshot()
  expect('with a hint').toMatchSnapshot('hint')
})
test('inline', () => {
  expect({ a: 1 }).toMatchInlineSnapshot()
  expect('x').toMatchInlineSnapshot(`"y"`)
})
test('of an error', () => {
  expect(() => {
    throw new Error('for the snapshot')
  }).toThrowErrorMatchingSnapshot()
  expect(() => {
    throw new Error('for the inline snapshot')
  }).toThrowErrorMatchingInlineSnapshot()
})
test('in a file', async () => {
  await expect('a file of its own\n').toMatchFileSnapshot('./written/own.txt')
})
describe('nested', () => {
  test.each(['a', 'b'])('each %s', async letter => {
    await later(1, 0)
    expect(letter).toMatchSnapshot()
  })
  test('retried', { retry: 2 }, ({ task }) => {
    expect(`try ${task.result?.retryCount}`).toMatchSnapshot()
    expect(task.result?.retryCount).toBe(1)
  })
  test('fails after one', () => {
    expect('kept').toMatchSnapshot()
    throw new Error('after the snapshot')
  })
})
