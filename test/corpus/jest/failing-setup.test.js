const { setup } = require('forkpoint')

let log = []
beforeEach(() => {
  log = ['each']
})

describe('a setup that throws', () => {
  setup(() => {
    throw new Error('setup is broken')
  })
  test('first', () => {})
  test('second', () => {})
})

describe('a setup that takes too long', () => {
  setup(() => new Promise(() => {}), 40)
  test('fails', () => {})
})

describe('a setup that rejects with a text', () => {
  setup(() => Promise.reject('a text'))
  test('fails', () => {})
})

describe('a setup below one that throws', () => {
  setup(() => {
    throw new Error('outer is broken')
  })
  describe('nested', () => {
    setup(() => {
      log.push('never')
    })
    test('fails', () => {})
  })
})

test('after them', () => {
  expect(log).toEqual(['each'])
})
