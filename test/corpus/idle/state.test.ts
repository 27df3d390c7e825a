import { expect, test } from 'vitest'

test('expect knows the test', () => {
  const { currentTestName, testPath } = expect.getState()
  expect(`${testPath?.split('/').at(-1)}: ${currentTestName}`).toBe(
    'state.test.ts: expect knows another test',
  )
})
test('the context', context => {
  expect(Object.keys(context).sort()).toMatchSnapshot()
  expect(context.task.fullName).toMatchSnapshot()
})
test('the environment', () => {
  expect(process.env.VITEST).toBe('true')
  expect(process.env.VITEST_POOL_ID).toBe('1')
  expect(process.env.NODE_ENV).toBe('test')
})
test('the process ends', () => {
  process.exit(3)
})
test('the process has a signal handler', () => {
  process.on('SIGUSR2', () => {})
  expect(process.listenerCount('SIGUSR2')).toBe(1)
})
