import { readFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Finding } from '../../src/finding.ts'
import { repositoryRoot } from '../support/targets.ts'
import { outcomesOf } from './outcomes.ts'
import { sharedRun } from './shared-run.ts'

const files = {
  // Loaded before all else: takes functions out of Node's modules that nobody has replaced yet.
  'captured.cjs': `
    const { writeFileSync, promises } = require('node:fs')
    const { execFileSync } = require('node:child_process')
    const { dlopen } = process
    globalThis.captured = { writeFileSync, writeFile: promises.writeFile, execFileSync, dlopen }
  `,
  'bypasses.test.ts': `
    import { spawnSync } from 'node:child_process'
    import fs from 'node:fs'
    import { createRequire } from 'node:module'
    import { dirname, join } from 'node:path'
    import { rollbackSafe, setup } from 'forkpoint'
    import { expect, test } from 'vitest'

    const require = createRequire(import.meta.url)
    const { captured } = globalThis as any
    const addon = join(dirname(require.resolve('forkpoint/package.json')), 'prebuilds/linux-x64/forkpoint.node')
    const written = (path: string) => {
      expect(fs.readFileSync(path, 'utf8')).toBe('x')
      rollbackSafe(() => fs.rmSync(path), { why: 'removes what was written' })
    }
    const sqlite = process.getBuiltinModule?.('node:sqlite')
    setup(() => {})
    test('a captured function writes', () => {
      captured.writeFileSync('captured-1.txt', 'x')
      written('captured-1.txt')
    })
    test('a captured function writes later', async () => {
      await captured.writeFile('captured-2.txt', 'x')
      written('captured-2.txt')
    })
    test('a captured function runs a program', () => {
      expect(captured.execFileSync('echo', ['x']).toString()).toBe('x\\n')
    })
    test('process.binding writes', () => {
      const { O_CREAT, O_WRONLY } = fs.constants
      let binding: any
      try {
        binding = process.binding('fs')
      } catch (error) {
        // With the audit there is none.
        expect((error as { code?: string }).code).toBe('ERR_ACCESS_DENIED')
        return
      }
      const fd = binding.open('binding.txt', O_CREAT | O_WRONLY, 0o600)
      binding.writeString(fd, 'x', null, 'utf8', undefined, {})
      fs.closeSync(fd)
      written('binding.txt')
    })
    test('an addon is loaded', () => process.dlopen({ exports: {} } as never, addon))
    test('a database in a file is written', () => {
      if (sqlite === undefined) return
      const database = new sqlite.DatabaseSync('data.db')
      database.exec('CREATE TABLE t (x)')
      database.prepare('INSERT INTO t VALUES (?)').run(1)
      database.close()
      rollbackSafe(() => fs.rmSync('data.db'), { why: 'removes what was written' })
    })
    test('a program writes', () => {
      spawnSync('sh', ['-c', 'printf x > program.txt'])
      written('program.txt')
    })
    test('nothing goes past the guard', async () => {
      fs.mkdirSync('folder/inner', { recursive: true })
      await fs.promises.writeFile('folder/inner/a.txt', 'x')
      await new Promise(resolve => fs.createWriteStream('folder/b.txt').end('x', resolve as never))
      await fs.promises.cp('folder', 'copy', { recursive: true })
      await new Promise(resolve => fs.rm('folder', { recursive: true }, resolve))
      await fs.promises.rm('copy', { recursive: true })
      fs.mkdtempSync('temporary-')
    })
  `,
}

/** Calls by which each of the tests was found, as \`call, source\`. */
async function findBypasses(run: ReturnType<typeof sharedRun>): Promise<Map<string, string[]>> {
  const ended = await run()
  expect(Object.entries(outcomesOf(ended)).filter(([, outcome]) => outcome !== 'passed')).toEqual([])
  const { findings } = JSON.parse(ended.files['report.json'] ?? '{}') as { findings: Finding[] }
  expect(findings.filter(({ kind }) => kind !== 'host-call')).toEqual([])
  const names = Object.keys(ended.captured.tasks).flatMap(name => name.split(' > ').slice(1))
  const found = (name: string): string[] =>
    findings.filter(({ test: own }) => own === name).map(({ call, source }) => `${call}, ${source}`)
  return new Map(names.map(name => [name, found(name)]))
}

const page = readFileSync(join(repositoryRoot, 'docs/host-calls.md'), 'utf8')
const blindSpots = page.slice(page.indexOf('## What is not seen'), page.indexOf('## The catalogue'))

/** What the documentation says of those that nothing finds, here or anywhere. */
const UNSEEN: Readonly<Record<string, string>> = {
  'a captured function writes': 'Functions that were taken out of a module of Node before',
  'a captured function writes later': 'Functions that were taken out of a module of Node before',
  'a captured function runs a program': 'Functions that were taken out of a module of Node before',
  'process.binding writes': '`process.binding`, native addons and WASI programs',
  'an addon is loaded': '`process.binding`, native addons and WASI programs',
  'a program writes': 'What child processes and worker threads do',
}

/** Where Node has one: 20 does not. */
const database = ['sqlite.DatabaseSync.prototype.exec, js', 'sqlite.StatementSync.prototype.run, js']

const plugin = { engine: 'fork', warmup: 0, report: 'report.json' }
const preload = ['--require', './captured.cjs']

describe('what goes past the replaced functions is found, or a documented blind spot', () => {
  test('the Node that runs these tests', async () => {
    const run = sharedRun({ target: 'vitest-4', files, plugin, config: { execArgv: preload } })
    expect(Object.fromEntries(await findBypasses(run))).toEqual({
      'a captured function writes': [],
      'a captured function writes later': [],
      'a captured function runs a program': [],
      'process.binding writes': ['process.binding, js'],
      'an addon is loaded': ['process.dlopen, js'],
      'a database in a file is written': isBuiltin('node:sqlite') ? database : [],
      'a program writes': ['child_process.spawnSync, js'],
      'nothing goes past the guard': [],
    })
    expect(Object.values(UNSEEN).filter(words => !blindSpots.includes(words))).toEqual([])
  })

  test('Node 24, which is asked for its own audit', async () => {
    const audit = ['--permission-audit', '--allow-fs-read=*', '--allow-addons', '--disable-warning=PERM0001']
    const config = { execArgv: [...audit, ...preload] }
    const run = sharedRun({ target: 'vitest-5', files, plugin, config })
    expect(Object.fromEntries(await findBypasses(run))).toEqual({
      'a captured function writes': ['fs, audit'],
      'a captured function writes later': ['fs, audit'],
      'a captured function runs a program': ['child_process, audit'],
      'process.binding writes': [],
      'an addon is loaded': ['process.dlopen, js'],
      'a database in a file is written': database,
      'a program writes': ['child_process.spawnSync, js'],
      'nothing goes past the guard': [],
    })
  })
})
