const { setup } = require('forkpoint')
const { Workspace } = require('./src/workspace.js')

let workspace
setup(() => {
  workspace = new Workspace().add('a', 'x,y')
})

test('renames', () => {
  expect(workspace.rename('a', 'b')).toBe(true)
  expect(workspace.names).toEqual(['b'])
})
test('does not rename what is not there', () => {
  expect(workspace.rename('b', 'c')).toBe(false)
})
test('loads a module late', () => {
  expect(require('./src/late.js').late(true)).toBe('loaded late')
})
describe('nested', () => {
  setup(() => {
    workspace.add('json', '[1]')
  })
  test('has both', () => {
    expect(workspace.names).toEqual(['a', 'json'])
  })
  test('fails', () => {
    workspace.add('json', '')
  })
})
