import { setup } from 'forkpoint'
import { describe, expect, test } from 'vitest'

let state: string[] = []
const later = (ms: number): Promise<void> => new Promise(resolve => setTimeout(resolve, ms))

setup(async () => {
  await later(1)
  state = ['built']
})

test('an endless promise', { timeout: 40 }, async () => {
  state.push('before')
  await new Promise(() => {})
})
test('the state is back', () => {
  expect(state).toEqual(['built'])
})
test('too slow', { timeout: 30 }, async () => {
  await later(200)
})
test('busy', { timeout: 20 }, () => {
  const start = Date.now()
  while (Date.now() - start < 50);
})
test('retried after a timeout', { timeout: 250, retry: 1 }, async ({ task }) => {
  state.push('tried')
  if (task.result?.retryCount === 0) await new Promise(() => {})
  expect(state).toEqual(['built', 'tried'])
})
test('slow enough, at least 25 ms', async () => {
  await later(26)
  expect(state).toEqual(['built'])
})
test('the signal', { timeout: 30 }, async ({ signal }) => {
  await new Promise<void>((_, reject) => signal.addEventListener('abort', () => reject(new Error('aborted'))))
})

describe('errors nobody awaits', () => {
  test('a rejection', async () => {
    Promise.reject(new Error(`unhandled, ${state.join()}`))
    await later(10)
  })
  test('in a timer', async () => {
    setTimeout(() => {
      throw new TypeError('uncaught')
    }, 1)
    await later(10)
  })
  test('beside them', () => {
    expect(state).toEqual(['built'])
  })
  test('process.exit', () => {
    process.exit(3)
  })
})
