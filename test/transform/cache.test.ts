import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { exposeState, TransformCache } from '../../src/transform/index.ts'

const options = { id: '/project/a.js', label: 'a.js' }
const code = 'let n = 0; export const next = () => n++'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'forkpoint-cache-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

/** The one entry that is there. */
function entry(): string {
  const names = readdirSync(folder)
  expect(names).toHaveLength(1)
  return join(folder, names[0] ?? '')
}

test('code is transformed once, also by another process', async () => {
  const first = await new TransformCache(folder).exposeState(code, options)
  expect(first).toEqual(exposeState(code, options))
  const written = statSync(entry()).mtimeMs
  expect(await new TransformCache(folder).exposeState(code, options)).toEqual(first)
  expect(statSync(entry()).mtimeMs).toBe(written)
})

test('that there is nothing to expose is kept too', async () => {
  const cache = new TransformCache(folder)
  expect(await cache.exposeState('1 + 1', options)).toBeNull()
  entry()
  expect(await cache.exposeState('1 + 1', options)).toBeNull()
})

test('other code, another label and other options are other entries', async () => {
  const cache = new TransformCache(folder)
  await cache.exposeState(code, options)
  await cache.exposeState(`${code};`, options)
  await cache.exposeState(code, { ...options, label: 'b.js' })
  await cache.exposeState(code, { ...options, foreign: /^x/ })
  await cache.exposeState(code, { ...options, forCoverage: true })
  expect(readdirSync(folder)).toHaveLength(5)
})

const damages: Array<[string, (text: string) => string]> = [
  ['cut off', text => text.slice(0, text.length / 2)],
  ['empty', () => ''],
  ['changed', text => text.replace('n++', 'n--')],
]
test.each(damages)('an entry that is %s is made again', async (_how, damage) => {
  const made = await new TransformCache(folder).exposeState(code, options)
  const path = entry()
  const text = readFileSync(path, 'utf8')
  writeFileSync(path, damage(text))
  expect(await new TransformCache(folder).exposeState(code, options)).toEqual(made)
  expect(readFileSync(path, 'utf8')).toBe(text)
})

test('several that write the same entry at once get it, and leave nothing else', async () => {
  const caches = Array.from({ length: 20 }, () => new TransformCache(folder))
  const results = await Promise.all(caches.map(cache => cache.exposeState(code, options)))
  for (const result of results) expect(result).toEqual(exposeState(code, options))
  entry()
})

test('where nothing can be written it does without', async () => {
  const file = join(folder, 'file')
  writeFileSync(file, '')
  const cache = new TransformCache(join(file, 'cache'))
  expect(await cache.exposeState(code, options)).toEqual(exposeState(code, options))
})

test('the oldest entries are removed when they are too many together', async () => {
  for (let i = 0; i < 10; i++) {
    const path = join(folder, `old-${i}`)
    writeFileSync(path, 'x'.repeat(1000))
    utimesSync(path, 1000 + i, 1000 + i)
  }
  const cache = new TransformCache(folder, 5000)
  await cache.trimmed()
  expect(readdirSync(folder).sort()).toEqual(['old-6', 'old-7', 'old-8', 'old-9'])
  const roomy = new TransformCache(folder, 5000)
  await roomy.trimmed()
  expect(readdirSync(folder)).toHaveLength(4)
})
