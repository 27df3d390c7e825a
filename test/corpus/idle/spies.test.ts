import { afterEach, describe, expect, test, vi } from 'vitest'
import * as clock from './src/clock.ts'
import { Stock } from './src/stock.ts'

const shared = vi.fn((value: number) => value * 2)

afterEach(() => {
  vi.restoreAllMocks()
  vi.unstubAllEnvs()
  vi.unstubAllGlobals()
})

test('a spy counts', () => {
  shared(1)
  shared(2)
  expect(shared.mock.calls).toEqual([[1], [2]])
})
test('and goes on counting', () => {
  shared(3)
  expect(shared).toHaveBeenCalledTimes(3)
})
test('called with something else', () => {
  shared(4)
  expect(shared).toHaveBeenLastCalledWith(5)
})
test('methods of a prototype', () => {
  const take = vi.spyOn(Stock.prototype, 'take').mockReturnValueOnce({ name: 'fake', count: 0 })
  const stock = new Stock()
  expect(stock.take('x', 1).name).toBe('fake')
  expect(() => stock.take('x', 1)).toThrow('no x')
  expect(take).toHaveBeenCalledTimes(2)
})
test('console', () => {
  const log = vi.spyOn(console, 'log').mockImplementation(() => {})
  console.log('swallowed')
  expect(log).toHaveBeenCalledWith('swallowed')
})
test('console again', () => {
  console.log('printed')
})
test('globals and environment', () => {
  vi.stubGlobal('answer', 42)
  vi.stubEnv('FROM_TEST', 'yes')
  expect([Reflect.get(globalThis, 'answer'), process.env.FROM_TEST]).toEqual([42, 'yes'])
})
test('globals and environment are back', () => {
  expect([Reflect.get(globalThis, 'answer'), process.env.FROM_TEST]).toEqual([undefined, undefined])
})
test('order and results', () => {
  const one = vi.fn().mockResolvedValueOnce(1).mockRejectedValueOnce(new Error('two'))
  const two = vi.fn()
  one()
  two()
  one().catch(() => {})
  expect(one).toHaveBeenCalledBefore(two)
  expect(two).toHaveBeenCalledTimes(2)
})
test('an export of a module cannot be spied on', () => {
  vi.spyOn(clock, 'now')
})

describe('matchers of its own', () => {
  expect.extend({
    toBeEven(received: number) {
      return {
        pass: received % 2 === 0,
        message: () => `${received} is ${this.isNot ? '' : 'not '}even`,
        actual: received,
        expected: 'even',
      }
    },
  })
  test('fail with their own text', () => {
    const even: { toBeEven(): void } = expect(3) as never
    even.toBeEven()
  })
})
