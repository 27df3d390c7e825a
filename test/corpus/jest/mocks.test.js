const { setup } = require('forkpoint')

jest.mock('./src/clock', () => ({ hour: jest.fn(() => 9) }))
const { hour } = require('./src/clock.js')
const { greet } = require('./src/greeting.js')

const shop = { price: () => 1, stock: () => 2 }
setup(() => {
  hour.mockReset()
  hour.mockReturnValue(9)
  jest.spyOn(shop, 'price').mockReturnValue(10)
})
afterEach(() => {
  jest.restoreAllMocks()
})

test('a mocked module', () => {
  expect(greet('Ann')).toBe('Good morning, Ann')
  expect(hour).toHaveBeenCalledTimes(1)
  hour.mockReturnValue(20)
})

test('is as the setup has left it', () => {
  expect(hour).toHaveBeenCalledTimes(0)
  expect(greet('Bob')).toBe('Good morning, Bob')
})

test('a spy', () => {
  expect(shop.price()).toBe(10)
  shop.price.mockReturnValueOnce(11)
  expect(shop.price()).toBe(11)
  expect(shop.price.mock.calls).toHaveLength(2)
})

test('a spy of the setup, once more', () => {
  expect(shop.price).not.toHaveBeenCalled()
  expect(shop.price()).toBe(10)
})

test('a module mocked late', () => {
  jest.doMock('./src/ledger', () => ({ total: () => 'mocked' }))
  expect(require('./src/ledger.js').total()).toBe('mocked')
  jest.dontMock('./src/ledger')
})

test('modules of its own', () => {
  let isolated
  jest.isolateModules(() => {
    isolated = require('./src/ledger.js')
  })
  isolated.add('x', 1)
  expect(require('./src/ledger.js')).not.toBe(isolated)
})

test('modules loaded afresh', () => {
  const before = require('./src/count-file.js')
  jest.resetModules()
  expect(require('./src/count-file.js')).not.toBe(before)
})

test('fails with the calls', () => {
  greet('Cid')
  expect(hour).toHaveBeenCalledWith('an argument')
})
