const { setup } = require('forkpoint')

let list
setup(() => {
  list = ['fresh']
})

afterEach(() => {
  list.push('after')
})

test.failing('is to fail', () => {
  list.push(1)
  expect(list).toEqual([])
})
test.failing('is to fail, and passes', () => {
  expect(list).toEqual(['fresh'])
})
test.failing.each([[1], [2]])('is to fail with %i', n => {
  expect(n).toBe(2)
})
test.skip('is skipped', () => {
  throw new Error('never')
})
test.todo('is to be written')
test('takes a callback', done => {
  expect(list).toEqual(['fresh'])
  setTimeout(done, 2)
})
test('takes a callback and fails', done => {
  setTimeout(() => done(new Error('given to the callback')), 2)
})
test('takes a callback and a reason', done => {
  done('no error')
})
test('takes a callback that is never called', done => {
  list.push(done.length)
}, 60)
test('takes too long', () => new Promise(() => {}), 50)
test('is a generator', function* () {
  list.push(yield Promise.resolve(1))
  expect(list).toEqual(['fresh', 1])
})
test('returns a value', () => 5)
test('returns a promise', () => Promise.resolve(5))
test('has the names', () => {
  expect(expect.getState().currentTestName).toBe('has the names')
})
test('has a context', function () {
  expect(Object.keys(this)).toEqual([])
  this.left = true
})
it('has a context of its own', function () {
  expect(this.left).toBe(undefined)
})
