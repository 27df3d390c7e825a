import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const fromRoot = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url))
const docs = fromRoot('docs/heap-engine.md')

function check(...files: string[]): { status: number | null; stderr: string } {
  const { status, stderr } = spawnSync(
    process.execPath,
    [fromRoot('scripts/write-docs.mjs'), '--check', ...files],
    { encoding: 'utf8' },
  )
  return { status, stderr }
}

test('the documentation has the table of kinds that the tests of both engines prove', () => {
  expect(check()).toEqual({ status: 0, stderr: '' })
})

test('a table that says something else is told', () => {
  const folder = mkdtempSync(join(tmpdir(), 'forkpoint-'))
  const file = join(folder, 'docs.md')
  writeFileSync(file, readFileSync(docs, 'utf8').replace('| restored |', '| refused |'))
  expect(check(file)).toEqual({
    status: 1,
    stderr: 'the table of kinds in docs/heap-engine.md is not that of the tests: run npm run docs\n',
  })
  rmSync(folder, { recursive: true })
})
