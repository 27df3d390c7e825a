// Timers of a setup go on in the test from where they stood, and stand still between the tests.
import { setup } from 'forkpoint'
import { beforeAll, describe, expect, test } from 'vitest'

let ticks = 0
let timeouts = 0
let promises = 0

const wait = (ms: number): Promise<void> => new Promise(resolve => setTimeout(resolve, ms))

setup(async () => {
  const { setTimeout: promised } = await import('node:timers/promises')
  setInterval(() => ticks++, 30)
  setTimeout(() => timeouts++, 60)
  promised(60).then(() => promises++)
})

test.for([1, 2, 3])('round %i', async () => {
  expect([ticks, timeouts, promises]).toEqual([0, 0, 0])
  await wait(70)
  expect(ticks).toBeGreaterThan(0)
  expect([timeouts, promises]).toEqual([1, 1])
})

describe('nested', () => {
  beforeAll(() => wait(70))
  test.for([1, 2])('goes on, round %i', async () => {
    expect([timeouts, promises]).toEqual([1, 1])
  })
})

test('at the end', () => {
  expect([ticks, timeouts, promises]).toEqual([0, 0, 0])
})
