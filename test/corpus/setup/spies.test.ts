import { setup } from 'forkpoint'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { Ledger, openLedger } from './src/ledger.ts'

const send = vi.fn((text: string) => text.length)

describe('cleared in the hook', () => {
  setup(() => {
    vi.clearAllMocks()
    send('from the hook')
  })
  test('counts from there', () => {
    send('a')
    expect(send.mock.calls).toEqual([['from the hook'], ['a']])
  })
  test('counts from there again', () => {
    expect(send).toHaveBeenCalledTimes(1)
  })
  test('changes the implementation', () => {
    send.mockReturnValueOnce(-1)
    expect([send('abc'), send('abc')]).toEqual([-1, 3])
  })
  test('fails with what it was called with', () => {
    send('b')
    expect(send).toHaveBeenLastCalledWith('c')
  })
})

describe('spied on in the hook', () => {
  let ledger: Ledger
  setup(() => {
    ledger = openLedger()
    vi.spyOn(Ledger.prototype, 'balanceOf').mockReturnValue(7)
    vi.spyOn(console, 'error').mockImplementation(() => {})
    vi.stubEnv('SPIED', 'yes')
    vi.stubGlobal(
      'fetch',
      vi.fn(async () => 'fetched'),
    )
  })
  afterEach(() => {
    vi.restoreAllMocks()
    vi.unstubAllEnvs()
    vi.unstubAllGlobals()
  })
  test('is replaced', async () => {
    console.error('swallowed')
    expect([ledger.balanceOf('alice'), process.env.SPIED, await fetch('x')]).toEqual([7, 'yes', 'fetched'])
    expect(console.error).toHaveBeenCalledTimes(1)
  })
  test('can be restored by the test', () => {
    vi.restoreAllMocks()
    expect(ledger.balanceOf('alice')).toBe(100)
  })
  test('is replaced again', () => {
    expect(ledger.balanceOf('alice')).toBe(7)
    expect(fetch).not.toHaveBeenCalled()
  })
})

test('nothing is spied on here', () => {
  expect(openLedger().balanceOf('bob')).toBe(50)
})
