const { setup } = require('forkpoint')
const { countFile } = require('./src/count-file.js')

let list
setup(() => {
  list = []
})

test('before', () => {
  expect(list).toEqual([])
})

describe('retried', () => {
  jest.retryTimes(1, { entireDescribe: true })
  let shared
  beforeAll(() => {
    shared = countFile('block')
  })

  test('passes the second time', () => {
    list.push(1)
    expect(shared).toBeGreaterThan(1)
  })

  test('sees the same', () => {
    expect(list).toEqual([])
  })
})

describe('retried with a setup', () => {
  jest.retryTimes(2, { entireDescribe: true, logErrorsBeforeRetry: true })
  setup(() => {
    list.push('setup')
  })
  test('runs', () => {
    expect(list).toHaveLength(1)
    if (countFile('block test') < 2) throw new Error('once more')
  })
})

test('after', () => {
  expect(list).toEqual([])
})
