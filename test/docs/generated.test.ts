import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { repositoryRoot } from '../support/targets.ts'

function check(...files: string[]): { status: number | null; stderr: string } {
  const script = join(repositoryRoot, 'scripts', 'write-docs.mjs')
  const { status, stderr } = spawnSync(process.execPath, [script, '--check', ...files], { encoding: 'utf8' })
  return { status, stderr }
}

test('the documentation has what the tests of both engines prove, and what the types say', () => {
  expect(check()).toEqual({ status: 0, stderr: '' })
})

test('what says something else is told', () => {
  const folder = mkdtempSync(join(tmpdir(), 'forkpoint-'))
  const change = (name: string, part: string): string => {
    const text = readFileSync(join(repositoryRoot, 'docs', name), 'utf8')
    expect(text).toContain(part)
    const file = join(folder, name)
    writeFileSync(file, text.replace(part, 'something else'))
    return file
  }
  const files = [change('state-kinds.md', '| restored |'), change('api.md', 'callback: () => unknown')]
  expect(check(...files)).toEqual({
    status: 1,
    stderr:
      'the table of kinds in docs/state-kinds.md is not that of the tests: run npm run docs\n' +
      'the list of exports in docs/api.md is not that of the types: run npm run docs\n',
  })
  rmSync(folder, { recursive: true })
})

test.each([
  ['plot is that of the figures beside it', 'write-plots.mjs'],
  ['drawing is what is drawn', 'write-drawings.mjs'],
])('each %s', (_, script) => {
  const args = [join(repositoryRoot, 'scripts', script), '--check']
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' })
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
})
