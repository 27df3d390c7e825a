import { beforeEach, describe, expect, test, vi } from 'vitest'
import { now } from './src/clock.ts'
import greet from './src/greeting.ts'

const hoisted = vi.hoisted(() => ({ time: -1 }))

vi.mock('./src/clock.ts', async importOriginal => ({
  ...(await importOriginal<typeof import('./src/clock.ts')>()),
  now: vi.fn(() => hoisted.time),
}))
vi.mock('ms', () => ({ default: () => 'mocked' }))

test('the module is mocked', () => {
  expect(now()).toBe(-1)
  expect(greet('you')).toBe('then you')
})
test('hoisted values can be changed', () => {
  hoisted.time = 1
  expect(greet('you')).toBe('hello you')
})
test('a dependency is mocked', async () => {
  const { default: ms } = await import('ms')
  expect(ms('1 day')).toBe('mocked')
})
test('the actual one is there', async () => {
  const { default: ms } = await vi.importActual<{ default: (text: string) => number }>('ms')
  expect(ms('1 day')).toBe(86_400_000)
})

describe('doMock and resetModules', () => {
  beforeEach(() => {
    vi.resetModules()
  })
  test('mocked for the next import', async () => {
    vi.doMock('./src/lazy.ts', () => ({ raise: () => 'mocked' }))
    const lazy = await import('./src/lazy.ts')
    expect(lazy.raise()).toBe('mocked')
    vi.doUnmock('./src/lazy.ts')
  })
  test('evaluated anew', async () => {
    const { raise } = await import('./src/lazy.ts')
    expect(raise()).toBe(2)
  })
  test('and again', async () => {
    const { raise } = await import('./src/lazy.ts')
    expect(raise()).toBe(2)
  })
})

test('automocked', async () => {
  vi.doMock(import('./src/stock.ts'))
  const { Stock } = await import('./src/stock.ts')
  const stock = new Stock()
  expect(stock.take('x', 1)).toBe(undefined)
  expect(vi.mocked(stock.take)).toHaveBeenCalledWith('x', 2)
})
