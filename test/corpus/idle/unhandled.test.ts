import { describe, expect, test } from 'vitest'
import { later } from './src/clock.ts'

describe('unhandled', () => {
  test('a rejection nobody awaits', async () => {
    Promise.reject(new Error('nobody awaits this'))
    await later(10, 0)
  })
  test('an error in a timer', async () => {
    setTimeout(() => {
      throw new TypeError('thrown in a timer')
    }, 1)
    await later(15, 0)
  })
  test('a rejection that is no error', async () => {
    Promise.reject({ reason: 'an object' })
    await later(10, 0)
  })
  test('a rejection handled late', async () => {
    const promise = Promise.reject(new Error('handled late'))
    await later(5, 0)
    await expect(promise).rejects.toThrow('handled late')
  })
  test('next to them', () => {
    expect(1).toBe(1)
  })
})
