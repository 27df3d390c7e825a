const { setup } = require('forkpoint')

const wait = ms => new Promise(resolve => setTimeout(resolve, ms))
setup(() => {})

test('a rejection while it runs', async () => {
  Promise.reject(new Error('nobody waits'))
  await wait(5)
})
test('passes', () => {})
test('a rejection that is handled later', async () => {
  const promise = Promise.reject(new Error('handled later'))
  await wait(2)
  await promise.catch(() => {})
})
test('an exception in a timer', async () => {
  setTimeout(() => {
    throw new Error('thrown in a timer')
  }, 1)
  await wait(10)
})
test('passes too', () => {})
