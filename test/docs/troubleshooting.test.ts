import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { repositoryRoot } from '../support/targets.ts'

const readText = (path: string): string => readFileSync(join(repositoryRoot, path), 'utf8')

const sources = ['src', 'plugin-vitest', 'plugin-jest', 'bin'].flatMap(folder =>
  readdirSync(join(repositoryRoot, folder), { recursive: true, encoding: 'utf8' })
    .filter(path => path.endsWith('.ts'))
    .map(path => join(folder, path)),
)

/** Every distinct match in the sources, but for those in files that are left out. */
function findInSources(pattern: RegExp, without: readonly string[] = []): string[] {
  const found = sources
    .filter(path => !without.includes(path))
    .flatMap(path => readText(path).match(pattern) ?? [])
  return [...new Set(found)].sort()
}

function findIn(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].map(([, found = '']) => found).sort()
}

test('every error code that is thrown is declared, has its section in the troubleshooting page, and no other has', () => {
  const thrown = findInSources(/\bERR_FORKPOINT_[A-Z_]+\b/g, ['src/errors.ts'])
  expect(findIn(readText('src/errors.ts'), /^ {2}\| '(ERR_\w+)'$/gm)).toEqual(thrown)
  expect(findIn(readText('docs/troubleshooting.md'), /^### `(ERR_\w+)`$/gm)).toEqual(thrown)
})

test('every environment variable that is read stands in the API page, and no other does', () => {
  const read = findInSources(/\bFORKPOINT(?:_[A-Z]+)*\b/g)
  const told = new Set(findIn(readText('docs/api.md'), /`(FORKPOINT(?:_[A-Z]+)*)`/g))
  expect([...told]).toEqual(read)
})

test('every check of the fork engine stands in the troubleshooting page', () => {
  const checks = findIn(readText('src/fork/preconditions.ts'), /^ {4}check: '(.*)',$/gm)
  const page = readText('docs/troubleshooting.md')
  expect(checks.filter(check => !page.includes(`\`${check}\``))).toEqual([])
  expect(checks.length).toBeGreaterThan(0)
})
