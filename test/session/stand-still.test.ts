import { expect, test } from 'vitest'
import { standStill } from '../../src/session/stand-still.ts'
import { trackTimers } from '../../src/timers.ts'

trackTimers()

const turn = (): Promise<void> => new Promise(resolve => setImmediate(resolve))
const obstacle = { why: 'a request is in flight', remedy: 'await it' }

test('no timer fires while what is in flight is waited for, and each goes on afterwards', async () => {
  let fired = 0
  const fires = new Promise<void>(resolve => {
    setTimeout(() => {
      fired++
      resolve()
    }, 1)
  })
  const still = await standStill(async () => {
    const end = performance.now() + 20
    while (performance.now() < end) await turn()
    return []
  })
  expect([typeof still, fired]).toEqual(['function', 0])
  if (!Array.isArray(still)) still()
  await fires
  expect(fired).toBe(1)
})

test('what waits for a timer itself is no obstacle', async () => {
  const state = { isBusy: true }
  setTimeout(() => {
    state.isBusy = false
  }, 1)
  let asked = 0
  const still = await standStill(async () => {
    asked++
    // The first wait is given up, the second goes on until the timer has fired.
    do await turn()
    while (asked > 1 && state.isBusy)
    return state.isBusy ? [obstacle] : []
  })
  expect([typeof still, asked]).toEqual(['function', 2])
  if (!Array.isArray(still)) still()
})

test('what is still in the way is told, with the timers going on', async () => {
  const fires = new Promise<void>(resolve => {
    setTimeout(resolve, 1)
  })
  expect(await standStill(async () => [obstacle])).toEqual([obstacle])
  await fires
})
