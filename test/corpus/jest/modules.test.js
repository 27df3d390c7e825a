const { afterFork, beforeFork, setup } = require('forkpoint')
const ledger = require('./src/ledger.js')

let isOpen = true
beforeFork(() => {
  isOpen = false
})
afterFork(() => {
  isOpen = true
})

let users
setup(async () => {
  await new Promise(resolve => setImmediate(resolve))
  ledger.reset()
  users = new Map([['ann', { id: 1, born: new Date(0) }]])
})

it('deletes', () => {
  expect(isOpen).toBe(true)
  users.delete('ann')
  expect(users.size).toBe(0)
})
it('has all', () => {
  expect(isOpen).toBe(true)
  expect(users.get('ann')).toEqual({ id: 1, born: new Date(0) })
  users.get('ann').id = 2
})
it('has objects of its own realm', () => {
  expect(users).toBeInstanceOf(Map)
  expect(users.get('ann')).toBeInstanceOf(Object)
  expect(users.get('ann').id).toBe(1)
})
