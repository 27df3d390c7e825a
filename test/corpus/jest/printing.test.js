const { setup } = require('forkpoint')

let name
setup(() => {
  name = 'Ann'
})

test('prints', () => {
  console.log('in a test', { name })
  console.warn('a warning')
  name = 'Bob'
})
test('prints again', () => {
  console.log('again', name)
  console.error(new Error('printed').message)
  process.stdout.write('raw: to stdout\n')
})
describe('nested', () => {
  setup(() => {
    name += '!'
  })
  test.each([1, 2])('prints %i', n => {
    console.group('group')
    console.info(n, name)
  })
})
test('prints a table', () => {
  console.table([{ name }])
  console.count()
})
