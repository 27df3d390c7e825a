// Timers of a setup go on in the test from where they stood, and stand still between the tests.
import { pbkdf2 } from 'node:crypto'
import { setup } from 'forkpoint'
import { beforeAll, describe, expect, test, vi } from 'vitest'

let ticks = 0
let timeouts = 0
let promises = 0
let turns = 0
let waits = 0
let quiet = 0
let signal: AbortSignal

const wait = (ms: number): Promise<void> => new Promise(resolve => setTimeout(resolve, ms))

setup(async () => {
  const { setInterval: every, setTimeout: promised } = await import('node:timers/promises')
  setInterval(() => ticks++, 30)
  setTimeout(() => timeouts++, 60)
  promised(60).then(() => promises++)
  setTimeout(() => quiet++, 60).unref()
  signal = AbortSignal.timeout(60)
  const turn = (): void => {
    turns++
    setImmediate(turn).unref()
  }
  turn()
  void (async () => {
    for await (const _ of every(30, null, { ref: false })) waits++
  })()
})

test.for([1, 2, 3])('round %i', async () => {
  expect([ticks, timeouts, promises, quiet, waits, signal.aborted]).toEqual([0, 0, 0, 0, 0, false])
  const before = turns
  await wait(70)
  expect(ticks).toBeGreaterThan(0)
  expect(waits).toBeGreaterThan(0)
  expect(turns).toBeGreaterThan(before)
  expect([timeouts, promises, quiet, signal.aborted]).toEqual([1, 1, 1, true])
})

describe('nested', () => {
  beforeAll(() => wait(70))
  test.for([1, 2])('goes on, round %i', async () => {
    expect([timeouts, promises]).toEqual([1, 1])
  })
})

describe('with work in flight', () => {
  let early = 0
  setup(() => {
    setInterval(() => early++, 1)
    pbkdf2('password', 'salt', 100_000, 64, 'sha512', () => {})
  })
  test.for([1, 2])('an interval does not fire before the test, round %i', async () => {
    expect(early).toBe(0)
    await vi.waitUntil(() => early > 1, { timeout: 10_000 })
  })
})

test('at the end', () => {
  expect([ticks, timeouts, promises]).toEqual([0, 0, 0])
})
