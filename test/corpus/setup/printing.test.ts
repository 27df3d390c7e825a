import { setup } from 'forkpoint'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'

let list: string[] = []
console.log('at the top')
beforeAll(() => console.log('in beforeAll'))
afterAll(() => console.log('in afterAll'))
setup(() => {
  list = ['built']
})
afterEach(() => {
  console.log(`afterEach sees ${list.join()}`)
})

test('prints', () => {
  list.push('printed')
  console.log(list)
  console.error('to the other stream')
})
test('prints past the console', () => {
  process.stdout.write(`raw: ${list.join()}\n`)
})
test('prints much', () => {
  for (let line = 0; line < 500; line++) console.log(`line ${line} of ${list.join()}`)
})
test('prints and fails', () => {
  console.warn('about to fail')
  list.push('failed')
  expect(list).toEqual(['built'])
})
test('prints in the last moment', async () => {
  await null
  queueMicrotask(() => console.log('in a microtask'))
  await new Promise(resolve => process.nextTick(resolve))
  console.log('in the next tick')
})
describe('annotations and meta', () => {
  test('annotated', async ({ annotate, task }) => {
    await annotate(`with ${list.join()}`)
    await annotate('with a body', { body: list.join(), contentType: 'text/plain' })
    Object.assign(task.meta, { list: [...list] })
    list.push('x')
  })
  test('annotated and failing', async ({ annotate, task }) => {
    Object.assign(task.meta, { list: [...list] })
    await annotate('before', 'warning')
    throw new Error(`failed with ${list.join()}`, { cause: new Error('the cause') })
  })
})
