import { fs, vol } from 'memfs'
import ms from 'ms'
import { expect, test } from 'vitest'
import Queue from 'yocto-queue'

test('a CommonJS dependency', () => {
  expect(ms('2h')).toBe(7_200_000)
})
test('an ESM dependency', () => {
  expect([...new Queue<number>()]).toEqual([])
})
test('memfs', () => {
  vol.fromJSON({ '/a/b.txt': 'text' })
  fs.writeFileSync('/a/c.txt', 'more')
  expect(vol.toJSON()).toEqual({ '/a/b.txt': 'text', '/a/c.txt': 'less' })
})
test('memfs keeps it', () => {
  expect(fs.readFileSync('/a/c.txt', 'utf8')).toBe('more')
})
test('a module imported late', async () => {
  const { raise } = await import('./src/lazy.ts')
  expect(raise()).toBe(2)
})
test('the same module again', async () => {
  const { raise } = await import('./src/lazy.ts')
  expect(raise()).toBe(3)
})
test('a module that is not there', async () => {
  const name = './src/nowhere.ts'
  await import(/* @vite-ignore */ name)
})
test('where it is', () => {
  expect(import.meta.filename).toBe(`${import.meta.dirname}/elsewhere.ts`)
})
