const { setup } = require('forkpoint')
const ledger = require('./src/ledger.js')

let log
setup(() => {
  ledger.reset()
  ledger.add('opening', 100)
  log = ['outer']
})

test('adds', () => {
  expect(ledger.add('first', 5)).toBe(105)
  expect(log).toEqual(['outer'])
  log.push('left by adds')
})

test.each([
  [1, 101],
  [2, 102],
])('adds %i', (amount, total) => {
  expect(log).toEqual(['outer'])
  expect(ledger.add('each', amount)).toBe(total)
  log.push('left')
})

test.each`
  amount | total
  ${7}   | ${107}
  ${8}   | ${108}
`('adds $amount from a table', ({ amount, total }) => {
  expect(ledger.add('table', amount)).toBe(total)
})

describe('with a setup of its own', () => {
  setup(async () => {
    await null
    log.push('inner')
    ledger.add('inner', 10)
  })

  test('has both', () => {
    expect(log).toEqual(['outer', 'inner'])
    expect(ledger.total()).toBe(110)
    log.length = 0
  })

  test('has both again', () => {
    expect(log).toEqual(['outer', 'inner'])
    ledger.add('more', 1)
  })

  describe('deeper', () => {
    setup(() => {
      log.push('deepest')
    })

    test('has all three', () => {
      expect(log).toEqual(['outer', 'inner', 'deepest'])
      expect(ledger.total()).toBe(110)
    })

    test('fails', () => {
      expect(ledger.names()).toEqual(['opening'])
    })
  })

  test('is as before deeper ones', () => {
    expect(log).toEqual(['outer', 'inner'])
  })
})

describe('without one', () => {
  test('starts from the state of the file', () => {
    expect(log).toEqual(['outer'])
    expect(() => ledger.add('too much', 1000)).toThrow(RangeError)
  })

  test('and so does the next', () => {
    expect(ledger.total()).toBe(100)
  })
})

test('comes last', () => {
  expect(ledger.names()).toEqual(['opening'])
})
