import { setInterval as every } from 'node:timers/promises'
import { expect, test, vi } from 'vitest'
import { holdTimers, ignoreTimer, trackTimers } from '../../src/timers.ts'

trackTimers()

const wait = (ms: number): Promise<void> => new Promise(resolve => setTimeout(resolve, ms))

test('a timer that is held does not fire, and goes on with the time it had left', async () => {
  let fired = 0
  const own = setTimeout(() => fired++, 30)
  const resume = holdTimers()
  await wait(60)
  expect(fired).toBe(0)
  resume()
  await wait(60)
  expect(fired).toBe(1)
  expect(own.hasRef()).toBe(true)
})

test('an interval that was held keeps its period', async () => {
  let ticks = 0
  const interval = setInterval(() => ticks++, 20)
  const resume = holdTimers()
  await wait(50)
  resume()
  await vi.waitUntil(() => ticks > 1, { timeout: 10_000 })
  clearInterval(interval)
  const before = ticks
  await wait(50)
  expect(ticks).toBe(before)
})

test('a timer that was cleared before stays cleared, and one that is ignored is not held', async () => {
  const fired: string[] = []
  clearTimeout(setTimeout(() => fired.push('cleared'), 10))
  const ignored = setTimeout(() => fired.push('ignored'), 10)
  ignoreTimer(ignored)
  const resume = holdTimers()
  await wait(40)
  resume()
  await wait(20)
  expect(fired).toEqual(['ignored'])
})

test('a second copy of forkpoint watches the same timers', async () => {
  let fired = 0
  vi.resetModules()
  const copy = await import('../../src/timers.ts')
  expect(copy.holdTimers).not.toBe(holdTimers)
  setTimeout(() => fired++, 20)
  copy.trackTimers()
  const resume = copy.holdTimers()
  await wait(50)
  expect(fired).toBe(0)
  resume()
  await wait(50)
  expect(fired).toBe(1)
})

test('a timer that keeps no process alive, and was held, keeps none afterwards', () => {
  const own = setTimeout(() => {}, 1000).unref()
  holdTimers()()
  expect(own.hasRef()).toBe(false)
  clearTimeout(own)
})

test('signals that time out, and intervals to be waited for, are held and go on', async () => {
  const signal = AbortSignal.timeout(30)
  const ticks: number[] = []
  const waiting = (async () => {
    for await (const start of every(20, performance.now())) {
      ticks.push(start)
      if (ticks.length === 2) return
    }
  })()
  const resume = holdTimers()
  await wait(60)
  expect([signal.aborted, ticks.length]).toEqual([false, 0])
  resume()
  await waiting
  await wait(30)
  expect([signal.aborted, ticks.length]).toEqual([true, 2])
})
