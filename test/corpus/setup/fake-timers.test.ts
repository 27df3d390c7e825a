import { setup } from 'forkpoint'
import { afterEach, describe, expect, test, vi } from 'vitest'

describe('faked in the hook, real again after each', () => {
  let ticks = 0
  setup(() => {
    vi.useFakeTimers()
    vi.setSystemTime(1_000_000)
    ticks = 0
    setInterval(() => ticks++, 100)
  })
  afterEach(() => {
    vi.useRealTimers()
  })
  test('advances', () => {
    vi.advanceTimersByTime(350)
    expect([ticks, Date.now()]).toEqual([3, 1_000_350])
  })
  test('starts again', () => {
    vi.advanceTimersByTime(150)
    expect([ticks, Date.now(), vi.getTimerCount()]).toEqual([1, 1_000_150, 1])
  })
  test('asynchronously', async () => {
    const promise = new Promise(resolve => setTimeout(resolve, 1000))
    await vi.advanceTimersByTimeAsync(1000)
    await promise
    expect(ticks).toBe(10)
  })
  test('fails', () => {
    vi.advanceTimersByTime(99)
    expect(ticks).toBe(1)
  })
  test('waits for a timer that never fires', { timeout: 50 }, async () => {
    await new Promise(resolve => setTimeout(resolve, 1))
  })
})

describe('faked in the hook and left so', () => {
  setup(() => {
    vi.useFakeTimers({ now: 42 })
  })
  test('first', () => {
    vi.advanceTimersByTime(8)
    expect(Date.now()).toBe(50)
  })
  test('second', () => {
    expect(Date.now()).toBe(42)
  })
})

describe('real timers', () => {
  let done = false
  setup(async () => {
    vi.useRealTimers()
    done = false
    await new Promise(resolve => setTimeout(resolve, 2))
  })
  test('fire', async () => {
    setTimeout(() => {
      done = true
    }, 3)
    await vi.waitUntil(() => done, { interval: 1, timeout: 2000 })
  })
  test('are as they were', () => {
    expect([done, vi.isFakeTimers()]).toEqual([false, false])
  })
})

describe('a timer started in the hook', () => {
  let fired = 0
  let timer: NodeJS.Timeout
  setup(() => {
    vi.useRealTimers()
    fired = 0
    timer = setInterval(() => fired++, 5)
    return () => clearInterval(timer)
  })
  test('fires in the test', async () => {
    await vi.waitUntil(() => fired > 1, { interval: 1, timeout: 2000 })
  })
  test('fires in the next test too', async () => {
    await vi.waitUntil(() => fired > 1, { interval: 1, timeout: 2000 })
  })
})
