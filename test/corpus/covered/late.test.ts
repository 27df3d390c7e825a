import { beforeEach, expect, test } from 'vitest'
import { tokens } from './src/parse.ts'

let list: string[] = []
beforeEach(() => {
  list = tokens('1 + 2')
})
test('imports late', async () => {
  const { late } = await import('./src/late.ts')
  expect([late(true), list.length]).toEqual(['on', 3])
})
test('imports late again', async () => {
  const { late } = await import('./src/late.ts')
  expect([late(false), list.length]).toEqual(['off', 3])
})
test('skips itself after a branch only it reaches', async ({ skip }) => {
  const { parse } = await import('./src/parse.ts')
  expect(() => parse('1 2')).toThrow('unexpected 2')
  skip()
})
test('times out after a branch only it reaches', { timeout: 40 }, async () => {
  const { parse } = await import('./src/parse.ts')
  expect(() => parse('')).toThrow('unexpected end')
  await new Promise(() => {})
})
