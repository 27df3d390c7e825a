import { expect, test } from 'vitest'
import { Lock } from '../../plugin-vitest/lock.ts'

test('one at a time is let in, in the order of asking', async () => {
  const lock = new Lock()
  const events: string[] = []
  const enter = async (name: string, ticks: number): Promise<void> => {
    const release = await lock.acquire()
    events.push(`${name} in`)
    for (let i = 0; i < ticks; i++) await Promise.resolve()
    events.push(`${name} out`)
    release()
  }
  await Promise.all([enter('first', 20), enter('second', 5), enter('third', 0)])
  await enter('fourth', 0)
  expect(events).toEqual([
    'first in',
    'first out',
    'second in',
    'second out',
    'third in',
    'third out',
    'fourth in',
    'fourth out',
  ])
})

test('nobody is let in while the one inside stays', async () => {
  const lock = new Lock()
  const release = await lock.acquire()
  let isIn = false
  const second = lock.acquire().then(releaseSecond => {
    isIn = true
    releaseSecond()
  })
  await new Promise(resolve => setImmediate(resolve))
  expect(isIn).toBe(false)
  release()
  await second
  expect(isIn).toBe(true)
})

test('letting go twice lets nobody in early', async () => {
  const lock = new Lock()
  const release = await lock.acquire()
  release()
  release()
  await lock.acquire()
  let isIn = false
  void lock.acquire().then(() => {
    isIn = true
  })
  await new Promise(resolve => setImmediate(resolve))
  expect(isIn).toBe(false)
})

test('it tells how many are waiting, without the one inside', async () => {
  const lock = new Lock()
  const release = await lock.acquire()
  expect(lock.waiting).toBe(0)
  const [second, third] = [lock.acquire(), lock.acquire()]
  expect(lock.waiting).toBe(2)
  release()
  const releaseSecond = await second
  expect(lock.waiting).toBe(1)
  releaseSecond()
  await third
  expect(lock.waiting).toBe(0)
})
