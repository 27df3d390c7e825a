// The usual way to get a fresh module for every test.
import { setup } from 'forkpoint'
import { describe, expect, test, vi } from 'vitest'

type Service = typeof import('./src/service.ts')
let service: Service

vi.mock('./src/ledger.ts', () => ({ openLedger: vi.fn(() => 'mocked') }))

describe('reset and imported in the hook', () => {
  setup(async () => {
    vi.resetModules()
    service = await import('./src/service.ts')
    service.idOf('first')
  })
  test('counts from one', () => {
    expect([service.idOf('a'), service.idOf('b')]).toEqual([2, 3])
  })
  test('counts from one again', () => {
    expect(service.idOf('c')).toBe(2)
    expect([...service.cache.keys()]).toEqual(['first', 'c'])
  })
  test('imports the same one late', async () => {
    const again = await import('./src/service.ts')
    expect(again.cache).toBe(service.cache)
  })
  test('imports another late', async () => {
    const { next } = await import('./src/counter.ts')
    expect(next()).toBe(2)
  })
})

describe('mocked in the hook', () => {
  setup(async () => {
    vi.resetModules()
    vi.doMock('./src/counter.ts', () => ({ next: () => 99 }))
    service = await import('./src/service.ts')
    return () => vi.doUnmock('./src/counter.ts')
  })
  test('is mocked', () => {
    expect(service.idOf('x')).toBe(99)
  })
  test('is mocked again', () => {
    expect(service.cache.size).toBe(0)
    expect(service.idOf('y')).toBe(99)
  })
})

test('mocked for the file', async () => {
  const { openLedger } = await import('./src/ledger.ts')
  expect(openLedger()).toBe('mocked')
  expect(openLedger).toHaveBeenCalledTimes(1)
})
