const { setup } = require('forkpoint')

let list
setup(() => {
  list = []
  expect(list).toEqual([])
})

test('counts the one of the setup', () => {
  expect.assertions(2)
  expect(list).toEqual([])
})
test('counts it again', () => {
  expect.assertions(2)
  expect(list).toEqual([])
})
test('misses one', () => {
  expect.assertions(3)
  expect(list).toEqual([])
})
test('has some by the setup', () => {
  expect.hasAssertions()
})
describe('nested', () => {
  setup(() => {
    expect(list).toEqual([])
    list.push(1)
  })
  test.each([1, 2])('counts those of both setups %i', () => {
    expect.assertions(3)
    expect(list).toEqual([1])
    list.push(2)
  })
})
test('none asked for', () => {})
