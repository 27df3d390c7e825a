const { setup } = require('forkpoint')
const { later } = require('./src/clock.js')

let calls
setup(() => {
  calls = []
})

afterEach(() => {
  jest.useRealTimers()
})

test('a clock of its own', () => {
  jest.useFakeTimers()
  later(() => calls.push(1))
  jest.advanceTimersByTime(1000)
  expect(calls).toEqual([1])
})

test('the real clock again', async () => {
  await new Promise(resolve => setTimeout(resolve, 1))
  expect(calls).toEqual([])
  expect(jest.getRealSystemTime()).toBeGreaterThan(0)
})

test('a faked date', () => {
  jest.useFakeTimers({ now: new Date('2020-01-01T08:00:00') })
  expect(new Date().getFullYear()).toBe(2020)
})

describe('faked in the setup', () => {
  setup(() => {
    jest.useFakeTimers({ now: new Date('2021-06-01T08:00:00') })
    later(() => calls.push('from the setup'))
  })
  test('runs what the setup has started', () => {
    jest.advanceTimersByTime(1500)
    expect(calls).toEqual(['from the setup'])
  })
  test('runs it again', () => {
    expect(Date.now()).toBe(new Date('2021-06-01T08:00:00').getTime())
    jest.runAllTimers()
    expect(calls).toEqual(['from the setup'])
  })
})

describe('legacy', () => {
  setup(() => {
    jest.useFakeTimers({ legacyFakeTimers: true })
  })
  test.each([1, 2])('runs %i', () => {
    later(() => calls.push('legacy'))
    jest.runAllTimers()
    expect(calls).toEqual(['legacy'])
  })
})
