const { setup } = require('forkpoint')

let user
setup(() => {
  user = { name: 'Ann', tags: ['a'] }
})

test('matches what is stored', () => {
  expect(user).toMatchSnapshot()
  user.name = 'changed'
})
test('differs from what is stored', () => {
  user.tags.push('b')
  expect(user).toMatchSnapshot()
})
test('is new', () => {
  expect(user).toMatchSnapshot('with a hint')
  expect(user.tags).toMatchSnapshot()
})
test.skip('is skipped', () => {
  expect(user).toMatchSnapshot()
})
