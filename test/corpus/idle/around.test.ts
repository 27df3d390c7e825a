import { AsyncLocalStorage } from 'node:async_hooks'
import { afterAll, aroundAll, aroundEach, beforeEach, describe, expect, test } from 'vitest'

const storage = new AsyncLocalStorage<string>()
const calls: string[] = []

aroundAll(async runSuite => {
  calls.push('aroundAll setup')
  await runSuite()
  calls.push('aroundAll teardown')
  console.log(calls.join('\n'))
})
aroundEach(async (runTest, { task }) => {
  calls.push(`around ${task.name}`)
  await storage.run(task.name, runTest)
  calls.push(`around ${task.name} done`)
})
beforeEach(() => {
  calls.push(`beforeEach in ${storage.getStore()}`)
})
afterAll(() => {
  calls.push('afterAll')
})

test('sees the store', () => {
  expect(storage.getStore()).toBe('sees the store')
})
test('fails inside', () => {
  expect(storage.getStore()).toBe('something else')
})
test('is retried inside', { retry: 2 }, ({ task }) => {
  calls.push(`try ${task.result?.retryCount}`)
  expect(task.result?.retryCount).toBe(1)
})

describe('nested', () => {
  aroundEach(async runTest => {
    calls.push('inner setup')
    await runTest()
    calls.push('inner teardown')
  })
  test('in both', () => {
    calls.push('body')
  })
  test('skips itself', ({ skip }) => skip('inside both'))
})

describe('an aroundEach that fails before', () => {
  aroundEach(async () => {
    throw new Error('before the test')
  })
  test('is not run', () => {})
})

describe('an aroundEach that fails after', () => {
  aroundEach(async runTest => {
    await runTest()
    throw new Error('after the test')
  })
  test('is run', () => {})
})

describe('an aroundEach that forgets its test', () => {
  aroundEach(async () => {})
  test('is not run', () => {})
})
