const { appendFileSync } = require('node:fs')
const { onRollback, rollbackSafe, setup } = require('forkpoint')

const note = text =>
  rollbackSafe(() => appendFileSync(`${__dirname}/noted`, `${text}\n`), {
    why: 'it is looked at after the run',
  })

let list
setup(() => {
  list = []
  return () => {
    list.push('torn down')
  }
})

afterEach(() => {
  list.push('after')
})

test('takes back', () => {
  expect(list).toEqual([])
  onRollback(() => note('first undo'))
  onRollback(async () => {
    await null
    note('second undo')
  })
})
test('fails, and takes back', () => {
  onRollback(() => note('undo after a failure'))
  throw new Error('failed')
})
test('has nothing to take back', () => {
  expect(list).toEqual([])
})
describe('nested', () => {
  setup(() => {
    list.push('nested')
    return () => {
      list.push('torn down too')
    }
  })
  test('has both', () => {
    expect(list).toEqual(['nested'])
  })
})
