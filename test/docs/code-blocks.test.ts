import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import type { ReportFile } from '../../src/report/report-file.ts'
import { HANG_LIMIT_MS } from '../support/hang-limit.ts'
import { jestOutcomes, runJest } from '../support/run-jest.ts'
import { environment, runSuite } from '../support/run-suite.ts'
import { makeSuiteFolder } from '../support/suite-folder.ts'
import { repositoryRoot, targetOf } from '../support/targets.ts'
import { checkShell } from './check-shell.ts'
import { checkTypes } from './check-types.ts'
import { type Block, filesOf, readBlocks, useOf } from './code-blocks.ts'

const blocks = readBlocks()
const files = filesOf(blocks)
const only = (use: string): Block[] => blocks.filter(block => useOf(block) === use)
const named = (pattern: RegExp): Record<string, string> =>
  Object.fromEntries(Object.entries(files).filter(([path]) => pattern.test(path)))

/** Packages that blocks need and the folder in which they run does not have, but forkpoint itself. */
const alias = Object.fromEntries(
  ['@electric-sql/pglite', 'typescript'].map(name => [name, join(repositoryRoot, 'node_modules', name)]),
)

test('every block of code is marked as what it is', () => {
  expect(only('unknown').map(({ place, language }) => `${place}: ${language}`)).toEqual([])
})

test('every block of TypeScript is right for the types', () => {
  expect(checkTypes(blocks.filter(block => ['types', 'file'].includes(useOf(block))))).toEqual([])
})

test.each(only('shell'))('the commands of $place exist', ({ code }) => {
  expect(code.trim().split('\n').flatMap(checkShell)).toEqual([])
})

test.each(only('excerpt'))('$place is part of the file that it names', ({ page, words, code }) => {
  const whole = readFileSync(join(repositoryRoot, dirname(page), words.from ?? ''), 'utf8')
  expect(whole).toContain(code)
})

test('the tests for Vitest pass, and every file of them is rolled back', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'forkpoint-docs-'))
  const report = join(folder, 'report.json')
  const { captured, exitCode, stderr } = await runSuite({
    target: 'vitest-4',
    files: named(/\.ts$/),
    plugin: { warmup: 0, report },
    config: { alias, hookTimeout: HANG_LIMIT_MS, testTimeout: HANG_LIMIT_MS },
    args: ['--exclude', '**/vitest.config.ts'],
  })
  const failed = Object.entries(captured.tasks).filter(
    ([, { type, state }]) => type === 'test' && state !== 'passed',
  )
  expect({ failed, exitCode, stderr }).toEqual({ failed: [], exitCode: 0, stderr: '' })
  const { checkpoints } = JSON.parse(readFileSync(report, 'utf8')) as ReportFile
  rmSync(folder, { recursive: true })
  const rolledBack = checkpoints
    .filter(({ decision }) => decision === 'rolled-back')
    .map(({ file }) => basename(file))
  expect(rolledBack.sort()).toEqual(
    Object.keys(named(/\.test\.ts$/))
      .map(path => basename(path))
      .sort(),
  )
})

test('the tests for Jest pass', async () => {
  const { exitCode, stderr, variants } = await runJest({
    target: 'Jest 30, Node 20',
    files: named(/\.test\.js$/),
    variants: { forkpoint: { warmup: 0 } },
  })
  const outcomes = Object.values(jestOutcomes(variants.forkpoint))
  expect({ exitCode, outcomes }, stderr).toEqual({ exitCode: 0, outcomes: outcomes.map(() => 'passed') })
  expect(outcomes.length).toBeGreaterThan(1)
})

test.each(Object.entries(named(/jest\.config\.js$/)))(
  '%s is a configuration with the preset',
  (path, code) => {
    const module: { exports: { preset?: string } } = { exports: {} }
    new Function('module', code)(module)
    expect(module.exports.preset, path).toBe('forkpoint')
  },
)

test.each([
  ['fork', ['--single-threaded', '--v8-pool-size=1']],
  ['heap', ['--import', 'forkpoint/register']],
])('the scripts without a test runner run with the %s engine', (engine, args) => {
  // Where the package is installed.
  const folder = makeSuiteFolder(named(/\.[cm]js$/), targetOf('vitest-4').nodeModules)
  try {
    for (const path of Object.keys(named(/\.[cm]js$/))) {
      const { status, stderr } = spawnSync(process.execPath, [...args, path], {
        cwd: folder.suite,
        env: environment({ FORKPOINT: engine }),
        encoding: 'utf8',
        timeout: HANG_LIMIT_MS,
      })
      expect({ status, stderr }, path).toEqual({ status: 0, stderr: '' })
    }
  } finally {
    rmSync(folder.root, { recursive: true })
  }
})
