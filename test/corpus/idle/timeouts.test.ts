import { beforeAll, describe, expect, test, vi } from 'vitest'
import { later } from './src/clock.ts'

test('an endless promise', () => new Promise(() => {}), 40)
test('too slow', { timeout: 30 }, async () => {
  await later(300, 0)
})
test('too slow, without awaiting', { timeout: 20 }, () => {
  const start = Date.now()
  while (Date.now() - start < 60);
})
test('the signal is aborted', { timeout: 30 }, async ({ signal }) => {
  await new Promise<void>((_, reject) => {
    signal.addEventListener('abort', () => reject(new Error(`aborted: ${signal.reason?.message}`)))
  })
})
test('retried after a timeout', { timeout: 40, retry: 1 }, async ({ task }) => {
  if (task.result?.retryCount === 0) await new Promise(() => {})
  expect(task.result?.retryCount).toBe(1)
})
test('in time, at least 20 ms', { timeout: 2000 }, async () => {
  await later(21, 0)
})
test('work left behind', async () => {
  later(5, 0).then(() => {})
  expect(1).toBe(1)
})
test('waitFor and waitUntil', async () => {
  let ready = 0
  await vi.waitFor(() => expect(++ready).toBe(3), { interval: 1, timeout: 2000 })
  await vi.waitUntil(() => ++ready > 5, { interval: 1, timeout: 2000 })
})
test('waitFor gives up', async () => {
  await vi.waitFor(() => expect(1).toBe(2), { interval: 2, timeout: 20 })
})

describe('a beforeAll out of time', () => {
  beforeAll(() => new Promise(() => {}), 30)
  test('is not run', () => {})
})
