const assert = require('node:assert')
const { setup } = require('forkpoint')

class Custom extends Error {
  constructor(message) {
    super(message)
    this.name = 'Custom'
    this.code = 'E_CUSTOM'
    this.details = { list: [1, 2], nested: new Map([['a', 1]]) }
    this.retry = () => {}
  }
}
class Quiet extends TypeError {}
class Point {
  constructor() {
    this.x = 1
  }
}

setup(() => {})

test('a difference', () => {
  expect({ a: 1, b: [1, 2], c: new Point() }).toEqual({ a: 1, b: [1, 3], c: new Point() })
})
test('causes', () => {
  throw new TypeError('outer', { cause: new RangeError('inner', { cause: 'innermost' }) })
})
test('several errors', async () => {
  await Promise.any([Promise.reject(new Error('one')), Promise.reject(new TypeError('two'))])
})
test('an aggregate', () => {
  throw new AggregateError([new Error('a'), 'b'], 'both')
})
test('a class of its own', () => {
  throw new Custom('custom')
})
test('a class without a name of its own', () => {
  throw new Quiet('quiet')
})
test('a text', () => {
  throw 'a text'
})
test('nothing', () => {
  throw null
})
test('undefined', () => {
  throw undefined
})
test('a number', () => Promise.reject(7))
test('an object', () => {
  throw { code: 'X', list: [1] }
})
test('an object with a message', () => {
  throw { message: 'not an error' }
})
test('an instance', () => {
  throw new Point()
})
test('an error without a stack', () => {
  const error = new Error('no stack')
  error.stack = undefined
  throw error
})
test('a changed message', () => {
  const error = new Error('before')
  error.message = 'after'
  throw error
})
test('node:assert', () => {
  assert.strictEqual(1, 2)
})
test('node:assert with a message', () => {
  assert.deepStrictEqual({ a: 1 }, { a: 2 }, 'they differ')
})
test('a reference error', () => {
  missing.property
})
test('within a matcher', () => {
  expect(() => {
    throw new Custom('thrown')
  }).not.toThrow()
})
