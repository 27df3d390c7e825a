import { setup } from 'forkpoint'
import { expect, test } from 'vitest'
import { createShop, type Shop } from './shop.ts'

let shop: Shop
setup(async () => {
  shop = await createShop()
})

test('removes a user with all orders', async () => {
  await shop.removeUser(7)
  expect(await shop.countUsers()).toBe(999)
  expect(await shop.totalOf(7)).toBe(0)
})

test('has all users', async () => {
  expect(await shop.countUsers()).toBe(1000)
})

test('has no total in the cache that another test has put there', async () => {
  expect(await shop.totalOf(7)).toBe(70)
})

test.each([100, 200, 300])(
  'an order of %i cents is the next one, whatever was ordered before',
  async cents => {
    expect(await shop.order(7, cents)).toBe(1001)
    expect(await shop.totalOf(7)).toBe(70 + cents)
  },
)

test('refuses an order of nobody', async () => {
  await expect(shop.order(100_000, 5)).rejects.toThrow()
})
