import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { later, now } from './src/clock.ts'

describe('fake timers', () => {
  beforeEach(() => {
    vi.useFakeTimers()
    vi.setSystemTime(new Date('2020-01-01T00:00:00Z'))
  })
  afterEach(() => {
    vi.useRealTimers()
  })
  test('time stands still', () => {
    expect(now()).toBe(1577836800000)
  })
  test('time is advanced', async () => {
    const promise = later(60_000, 'done')
    await vi.advanceTimersByTimeAsync(60_000)
    await expect(promise).resolves.toBe('done')
    expect(new Date().toISOString()).toMatchSnapshot()
  })
  test('all timers are run', () => {
    const calls: number[] = []
    setInterval(() => calls.push(Date.now()), 10)
    vi.advanceTimersByTime(35)
    expect(calls).toHaveLength(4)
  })
  test('timers are left pending', () => {
    setTimeout(() => {}, 1000)
    setInterval(() => {}, 1000)
    expect(vi.getTimerCount()).toBe(2)
  })
  test('fails under fake timers', () => {
    expect(new Date().getFullYear()).toBe(0)
  })
})

test('left faked by a test', () => {
  vi.useFakeTimers({ now: 5 })
  expect(Date.now()).toBe(5)
})
test('and found so by the next', () => {
  expect(vi.isFakeTimers()).toBe(true)
  vi.useRealTimers()
})
test('everything faked times out all the same', { timeout: 50 }, async () => {
  vi.useFakeTimers({
    toFake: ['setTimeout', 'setInterval', 'setImmediate', 'Date', 'performance'],
  })
  await new Promise(resolve => setTimeout(resolve, 10))
})
test('real again', async () => {
  vi.useRealTimers()
  expect(await later(2, 'real')).toBe('real')
})
