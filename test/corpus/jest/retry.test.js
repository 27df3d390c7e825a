const { setup } = require('forkpoint')
const { countFile } = require('./src/count-file.js')

jest.retryTimes(2, { logErrorsBeforeRetry: true })

let list
setup(() => {
  list = []
})

test('passes at the second try', () => {
  expect(list).toEqual([])
  list.push(1)
  if (countFile('second') < 2) throw new Error('not yet')
})

test('never passes', () => {
  expect(list).toEqual([])
  list.push(1)
  throw new Error(`try ${countFile('never')}`)
})

test('keeps a snapshot only of its last try', () => {
  expect(countFile('snapshot')).toMatchSnapshot()
  expect(countFile('snapshot again')).toBeGreaterThan(1)
})

describe('nested', () => {
  setup(() => {
    list.push('nested')
  })
  test('passes', () => {
    expect(list).toEqual(['nested'])
  })
  test('passes at the third try', () => {
    expect(list).toEqual(['nested'])
    list.push('x')
    expect(countFile('third')).toBe(3)
  })
  test('fails', () => {
    expect([...list]).toEqual([])
  })
})

describe('around all', () => {
  beforeAll(() => {
    list.push('left')
  })
  test('fails', () => {
    expect(list).toEqual(['left'])
  })
})

test('last', () => {
  expect(list).toEqual([])
})
