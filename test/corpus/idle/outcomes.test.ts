import { describe, expect, test } from 'vitest'
import { later } from './src/clock.ts'
import { Stock } from './src/stock.ts'

describe('failures with a diff', () => {
  test('objects', () => {
    expect({ a: 1, b: [1, 2, { c: 'x' }] }).toEqual({ a: 1, b: [1, 2, { c: 'y' }] })
  })
  test('strings of several lines', () => {
    expect('one\ntwo\nthree').toBe('one\n2\nthree')
  })
  test('maps, sets, dates, bigints and undefined', () => {
    const value = { map: new Map([['k', 1n]]), set: new Set([1]), date: new Date(0), none: undefined }
    expect(value).toStrictEqual({ map: new Map([['k', 2n]]), set: new Set([2]), date: new Date(1) })
  })
  test('class instances', () => {
    expect(new Stock().add('nut', 2)).toStrictEqual(new (class Item {})())
  })
  test('asymmetric matchers', () => {
    expect({ id: 7, at: 'x' }).toMatchObject({ id: expect.any(String), at: expect.stringContaining('y') })
  })
  test('a long list', () => {
    expect(Array.from({ length: 60 }, (_, i) => i)).toEqual(
      Array.from({ length: 60 }, (_, i) => (i === 30 ? -1 : i)),
    )
  })
  test('negated', () => {
    expect(1).not.toBe(1)
  })
})

describe('thrown values', () => {
  test('an error of a class of its own, with a cause and a field', () => {
    const stock = new Stock()
    stock.add('nut', 1)
    stock.take('nut', 2)
  })
  test('an error from a helper', async () => {
    await later(1, 0)
    new Stock().take('bolt', 1)
  })
  test('a string', () => {
    throw 'just text'
  })
  test('nothing', () => {
    throw undefined
  })
  test('an object', () => {
    throw { code: 7, nested: { list: [1, 2] } }
  })
  test('several errors at once', () => {
    throw new AggregateError([new Error('one'), new TypeError('two')], 'both')
  })
  test('an error with circular fields', () => {
    const error: Error & { self?: unknown } = new Error('round')
    error.self = error
    throw error
  })
  test('a rejected promise', () => Promise.reject(new RangeError('rejected')))
  test('a message with colours', () => {
    throw new Error('\u001b[31mred\u001b[39m')
  })
})

describe('expect', () => {
  test('soft failures are all told', () => {
    expect.soft(1).toBe(2)
    expect.soft('a').toBe('b')
    expect(true).toBe(true)
  })
  test('soft then hard', () => {
    expect.soft(1).toBe(2)
    expect(3).toBe(4)
  })
  test('poll succeeds in the end', async () => {
    let tries = 0
    await expect.poll(() => ++tries, { interval: 2, timeout: 2000 }).toBe(3)
  })
  test('poll gives up', async () => {
    await expect.poll(() => 1, { interval: 5, timeout: 40 }).toBe(2)
  })
  test('assertions: too few', () => {
    expect.assertions(2)
    expect(1).toBe(1)
  })
  test('assertions: as many as told', () => {
    expect.assertions(2)
    expect(1).toBe(1)
    expect(2).toBe(2)
  })
  test('hasAssertions: none', () => {
    expect.hasAssertions()
  })
  test('unreachable', () => {
    expect.unreachable('never here')
  })
  test('resolves and rejects', async () => {
    await expect(later(1, 'x')).resolves.toBe('x')
    await expect(Promise.reject(new Error('no'))).rejects.toThrow(/yes/)
  })
  test('with a message of its own', () => {
    expect(1, 'the count').toBe(2)
  })
  test('satisfies', () => {
    expect(3).toSatisfy((value: number) => value % 2 === 0)
  })
  test('throws the wrong thing', () => {
    expect(() => new Stock().take('nut', 1)).toThrow('no bolt')
  })
})
