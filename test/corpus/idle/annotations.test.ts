import { afterEach, beforeEach, describe, expect, test } from 'vitest'

test('annotated', async ({ annotate }) => {
  await annotate('a notice')
  await annotate('a warning', 'warning')
})
test('annotated without awaiting', ({ annotate }) => {
  annotate('not awaited')
})
test('with an attachment', async ({ annotate }) => {
  await annotate('text', { body: 'attached text', contentType: 'text/plain' })
  await annotate('bytes', 'kind', {
    body: new Uint8Array([1, 2, 3]),
    contentType: 'application/octet-stream',
  })
})
test('annotated, then failing', async ({ annotate }) => {
  await annotate('before the failure')
  expect(1).toBe(2)
})
test('annotated in every try', { retry: 1 }, async ({ annotate, task }) => {
  await annotate(`try ${task.result?.retryCount}`)
  expect(task.result?.retryCount).toBe(1)
})

describe('meta', () => {
  beforeEach(({ task }) => {
    Object.assign(task.meta, { fromHook: true })
  })
  afterEach(({ task }) => {
    Object.assign(task.meta, { stateSeen: task.result?.state ?? 'none' })
  })
  test('of a test', ({ task }) => {
    Object.assign(task.meta, { owner: 'me', numbers: [1, 2], nested: { date: new Date(0) } })
  })
  test('of a failing test', ({ task }) => {
    Object.assign(task.meta, { owner: 'you' })
    expect(1).toBe(2)
  })
  test('of a suite', ({ task }) => {
    if (task.suite) Object.assign(task.suite.meta, { fromTest: task.name })
    Object.assign(task.file.meta, { fromTest: task.name })
  })
})
