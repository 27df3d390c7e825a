const { setup } = require('forkpoint')

let list = ['never set up']
setup(() => {
  list = []
})
const wait = ms => new Promise(resolve => setTimeout(resolve, ms))

test('before', () => {
  expect(list).toEqual([])
  list.push('before')
})

test.concurrent('one', async () => {
  await wait(20)
  list.push('left by one')
})
test.concurrent('two', async () => {
  await wait(5)
  throw new Error('two is broken')
})
test.concurrent.each([[1], [2]])('each %i', async n => {
  await wait(n)
  expect(n).toBeGreaterThan(0)
})

test('between', () => {
  expect(list).toEqual([])
  list.push('between')
})

describe('nested', () => {
  setup(() => {
    list.push('nested')
  })
  test.concurrent('three', async () => {
    await wait(1)
  })
  test('beside it', () => {
    expect(list).toEqual(['nested'])
  })
  test('beside it again', () => {
    expect(list).toEqual(['nested'])
  })
})

test('after', () => {
  expect(list).toEqual([])
})
