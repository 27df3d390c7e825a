const { setup } = require('forkpoint')

let list
setup(() => {
  list = []
})

test('is left out', () => {
  throw new Error('never')
})
const alone = test.only
alone('runs', () => {
  list.push(1)
  expect(list).toEqual([1])
})
describe('left out', () => {
  setup(() => {
    throw new Error('never')
  })
  test('too', () => {})
})
const picked = describe.only
picked('picked', () => {
  setup(() => {
    list.push('picked')
  })
  test('runs', () => {
    expect(list).toEqual(['picked'])
  })
  test('runs too', () => {
    expect(list).toEqual(['picked'])
  })
})
