import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { Workspace } from './src/workspace.ts'

let workspace: Workspace
beforeEach(() => {
  workspace = Workspace.open()
})
afterEach(() => {
  workspace.close()
})

test('adds', () => {
  expect(workspace.run('one + 2')).toBe(3)
})
test('multiplies', () => {
  workspace.define('two', 'one + one')
  expect(workspace.run('two * 3')).toBe(6)
})
test('knows only what was defined', () => {
  expect(() => workspace.run('two')).toThrow('two is not defined')
})
test('fails in the middle', () => {
  expect(workspace.run('(1 + 2) * 4')).toBe(13)
})
test('retried', { retry: 1 }, ({ task }) => {
  if (task.result?.retryCount === 0) workspace.run('(1')
  expect(workspace.run('1')).toBe(1)
})
describe('forgiving', () => {
  beforeEach(() => {
    workspace.forgive()
  })
  test('a missing name', () => {
    expect(workspace.run('nothing + 1')).toBe(1)
    expect(Workspace.current).toBe(workspace)
  })
})
