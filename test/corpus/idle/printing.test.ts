import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { later } from './src/clock.ts'

console.log('at the top of the file')
beforeAll(() => console.log('in beforeAll'))
afterAll(() => console.log('in afterAll'))
beforeEach(() => console.log('in beforeEach'))
afterEach(() => console.warn('in afterEach'))

test('of every kind', () => {
  console.log('text', 1, { a: [1, { b: 2 }] }, new Map([[1, 2]]))
  console.info('%s is %d', 'x', 7)
  console.warn('a warning')
  console.error(new Error('printed, not thrown').message)
  console.table([{ a: 1, b: 2 }])
  console.dir({ deep: { deeper: { deepest: { end: 1 } } } }, { depth: 1 })
  console.group('group')
  console.debug('indented')
  console.groupEnd()
  console.assert(false, 'asserted')
  console.count('counter')
})
test('over time', async () => {
  console.log('before')
  await later(5, 0)
  console.log('between')
  await later(5, 0)
  console.log('after')
})
test('past the console', () => {
  process.stdout.write('raw: from a test\n')
})
test('very much', () => {
  for (let line = 0; line < 3000; line++) console.log(`line ${line}`)
})
test('and then fails', () => {
  console.log('right before')
  expect(1).toBe(2)
})
test('silent', () => {})
describe.concurrent('beside each other', () => {
  test.each(['a', 'b'])('%s', async name => {
    console.log(`${name} starts`)
    await later(3, 0)
    console.log(`${name} ends`)
  })
})
console.log('at the end of the file')
