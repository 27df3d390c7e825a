const { setup } = require('forkpoint')
const { createApp } = require('./app.js')

let app
setup(async () => {
  app = await createApp() // builds the database and the routes
})

test('renames a user', async () => {
  const { statusCode } = await app.inject({ method: 'PUT', url: '/users/7', payload: { name: 'ada' } })
  expect(statusCode).toBe(200)
  expect((await app.inject('/users/7')).json().name).toBe('ada')
})

test('has the old name again', async () => {
  expect((await app.inject('/users/7')).json().name).toBe('user 7')
})

test('removes a user with all orders', async () => {
  await app.inject({ method: 'DELETE', url: '/users/7' })
  expect((await app.inject('/users/7/orders')).json()).toEqual([])
})

test.each([1, 7, 2000])('user %i has ten orders', async id => {
  expect((await app.inject(`/users/${id}/orders`)).json()).toHaveLength(10)
})

test('has served nobody before this test', async () => {
  expect((await app.inject('/served')).json()).toEqual({ served: 1 })
})
