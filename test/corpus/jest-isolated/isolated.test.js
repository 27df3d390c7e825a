const { setup } = require('forkpoint')
const ledger = require('./src/ledger.js')

let isolated
let isolatedLater
let spy
setup(async () => {
  ledger.reset()
  jest.isolateModules(() => {
    isolated = require('./src/ledger.js')
  })
  await jest.isolateModulesAsync(async () => {
    await Promise.resolve()
    isolatedLater = require('./src/ledger.js')
  })
  isolated.add('isolated', 1)
  spy = jest.spyOn(isolated, 'total')
})
afterEach(() => {
  jest.restoreAllMocks()
})

test('modules of the setup are others than those of the file', () => {
  expect(new Set([ledger, isolated, isolatedLater]).size).toBe(3)
  expect([ledger.total(), isolated.total(), isolatedLater.total()]).toEqual([0, 1, 0])
  isolated.add('test', 10)
  isolatedLater.add('test', 10)
})
test('and are as the setup has left them', () => {
  expect([isolated.total(), isolatedLater.total()]).toEqual([1, 0])
  expect(spy).toHaveBeenCalledTimes(1)
})
test('a mock of a module that nobody has loaded', () => {
  jest.isolateModules(() => {
    jest.doMock('./src/greeting.js', () => ({ greet: () => 'mocked' }))
    expect(require('./src/greeting.js').greet()).toBe('mocked')
  })
  jest.dontMock('./src/greeting.js')
  expect(jest.requireActual('./src/greeting.js').greet).toBeInstanceOf(Function)
})
test('a mock made from a module', () => {
  const made = jest.createMockFromModule('./src/ledger.js')
  expect(made.total()).toBe(undefined)
  expect(made.total).toHaveBeenCalledTimes(1)
  expect(made).not.toBe(ledger)
})
test.each`
  amount | total
  ${2}   | ${2}
  ${3}   | ${3}
`('a table: $amount', ({ amount, total }) => {
  ledger.add('x', amount)
  expect(ledger.total()).toBe(total)
})
test('asserts in a hook of its own', () => {
  expect.assertions(1)
  expect(ledger.total()).toBe(0)
})
