import { jest } from '@jest/globals'
import { setup } from 'forkpoint'
import { count, increase, reset } from './src/counter.mjs'

let spy
setup(async () => {
  await null
  reset()
  increase()
  spy = jest.fn(() => 'from the setup')
})

test('increases', () => {
  expect(increase()).toBe(2)
  expect(spy()).toBe('from the setup')
  spy.mockReturnValue('changed')
})
test('is as the setup has left it', () => {
  expect(count).toBe(1)
  expect(spy).not.toHaveBeenCalled()
  expect(spy()).toBe('from the setup')
})
test('imports late', async () => {
  const { default: lazy, state } = await import('./src/lazy.mjs')
  expect(lazy).toBe('lazy')
  expect(state.used).toBe(0)
})
test('fails', async () => {
  expect(await import('./src/lazy.mjs')).toEqual({})
})
describe('nested', () => {
  setup(() => {
    increase()
  })
  test('has both', () => {
    expect(count).toBe(2)
    expect({ count }).toMatchInlineSnapshot(`
{
  "count": 2,
}
`)
  })
  test('has both again', () => {
    expect(count).toBe(2)
    increase()
  })
})
