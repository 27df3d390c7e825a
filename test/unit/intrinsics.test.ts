import { afterEach, expect, test, vi } from 'vitest'
import { dateNow, now, setTimeout } from '../../src/intrinsics.ts'

afterEach(() => void vi.useRealTimers())

test('the clocks and timers go on under fake timers', async () => {
  vi.useFakeTimers({ now: 0 })
  expect(dateNow()).toBeGreaterThan(1e12)
  const start = now()
  await new Promise(resolve => setTimeout(resolve, 2))
  expect(now() - start).toBeGreaterThan(1)
})
