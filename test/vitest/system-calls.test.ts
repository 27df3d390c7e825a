import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Finding } from '../../src/finding.ts'
import { ForkEngine } from '../../src/fork/engine.ts'
import { watchProcess } from '../../src/fork/watch-process.ts'
import type { ReportFile } from '../../src/report/report-file.ts'
import { runSuite } from '../support/run-suite.ts'
import { outcomesOf } from './outcomes.ts'

const files = {
  'calls.test.ts': `
    const captured = process.getBuiltinModule('node:fs').writeFileSync
    import { rollbackSafe, setup } from 'forkpoint'
    import { execSync, spawn } from 'node:child_process'
    import fs from 'node:fs'
    import http from 'node:http'
    import { DatabaseSync } from 'node:sqlite'
    import { expect, test } from 'vitest'

    const folder = process.env.FOLDER + '/'
    setup(() => {})
    test('writes by node:fs', async () => {
      fs.writeFileSync(folder + 'a.txt', 'changed')
      await fs.promises.writeFile(folder + 'b.txt', 'changed')
      await new Promise(resolve => fs.createWriteStream(folder + 'c.txt').end('changed', resolve))
      await new Promise(resolve => fs.rename(folder + 'd.txt', folder + 'e.txt', resolve))
    })
    test('loads a library', () => {
      process.env.DAMAGE_IN = process.env.FOLDER
      expect(() => process.dlopen({ exports: {} } as never, process.env.LIBRARY!)).toThrow('self-register')
    })
    test('writes to a database', () => {
      new DatabaseSync(folder + 'database').exec('CREATE TABLE t (a)')
    })
    test('runs a shell', () => execSync('rm f.txt; cat g.txt > /dev/null; touch h.txt; rm h.txt', { cwd: folder }))
    test('runs a shell that is declared safe', () =>
      rollbackSafe(() => execSync('touch i.txt', { cwd: folder }), { why: 'nobody looks at it' }))
    test('runs a program that a rule knows', () => execSync('/bin/mkdir made', { cwd: folder }))
    test('writes what a rule knows', () => execSync('echo x > a.log', { cwd: folder }))
    test('asks a server', () => fetch('http://127.0.0.1:' + process.env.PORT).then(response => response.text()))
    test('asks a server of its own by a program', async () => {
      const server = http.createServer((_, response) => response.end('own')).listen(0, '127.0.0.1')
      await new Promise(resolve => server.once('listening', resolve))
      const program = 'fetch("http://127.0.0.1:' + (server.address() as { port: number }).port + '").then(r => r.text()).then(console.log)'
      const child = spawn(process.execPath, ['-e', program])
      await new Promise(resolve => child.on('close', resolve))
      server.close()
    })
    test('crashes', async () => {
      fs.writeFileSync(folder + 'j.txt', 'changed')
      execSync('rm k.txt; touch l.txt; rm l.txt', { cwd: folder })
      rollbackSafe(() => fs.writeFileSync(folder + 'm.txt', 'changed'), { why: 'nobody looks at it' })
      fs.writeFileSync(folder + 'o.log', 'x')
      const left = spawn('sh', ['-c', 'exec tail -n 1 -f ' + folder + 'g.txt'])
      await new Promise(resolve => left.stdout.once('data', resolve))
      fs.writeFileSync(fs.mkdtempSync(folder + 'own-') + '/p.txt', 'own')
      await fs.promises.writeFile(folder + 'n.txt', 'changed')
      process.kill(process.pid, 'SIGSEGV')
    })
    test('only reads', () => {
      fs.readFileSync(folder + 'g.txt')
      fs.existsSync(folder + 'nothing')
      expect(() => fs.rmSync(folder + 'nothing')).toThrow()
    })
  `,
}

const scripts = fileURLToPath(new URL('../isolation/scripts', import.meta.url))
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'forkpoint-calls-')))
const library = join(folder, 'damage.so')
const server = createServer((_, response) => response.end('answer'))

/** Why the system calls of a process can't be watched here; null where they can. */
function findRefusal(): string | null {
  if (ForkEngine.refuseHere() !== null) return 'the fork engine can not run'
  const wanted = { root: folder, files: false, network: false, calls: true, shared: [] }
  return ForkEngine.create(watchProcess()).isolate(wanted).calls?.why ?? null
}

const refusal = findRefusal()

beforeAll(async () => {
  for (const name of ['a.txt', 'd.txt', 'f.txt', 'g.txt', 'j.txt', 'k.txt', 'native.txt', 'mapped.txt'])
    writeFileSync(join(folder, name), 'original')
  spawnSync('cc', ['-shared', '-fPIC', '-o', library, join(scripts, 'damage.c')])
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
})
afterAll(() => {
  server.close()
  rmSync(folder, { recursive: true, force: true })
})

test('what a test does below JavaScript is reported with the test, and once', async ({ skip }) => {
  skip(refusal !== null, refusal ?? '')
  skip(!existsSync(library), 'there is no C compiler')
  const run = await runSuite({
    // It has `node:sqlite`.
    target: 'vitest-5',
    files,
    plugin: {
      engine: 'fork',
      warmup: 0,
      syscalls: true,
      report: 'forkpoint.json',
      rules: [
        { call: 'syscall:execve', path: '/**/mkdir', nature: 'safe', why: 'it is looked at by what it does' },
        { call: 'syscall:open*', path: '/**/*.log', nature: 'safe', why: 'nobody looks at it' },
      ],
    },
    env: { FOLDER: folder, LIBRARY: library, PORT: `${(server.address() as AddressInfo).port}` },
  })
  const outcomes = Object.entries(outcomesOf(run)).filter(([, outcome]) => outcome !== 'passed')
  expect(outcomes).toEqual([[expect.stringContaining('crashes'), expect.stringContaining('SIGSEGV')]])
  const { findings } = JSON.parse(run.files['forkpoint.json'] ?? '') as ReportFile
  const show = ({ call, resource, source }: Finding): string =>
    `${source} ${call} ${resource?.replaceAll(folder, '')}`.replace(/:\d+$/, ':port')
  const byTest = (name: string): string[] =>
    findings
      .filter(({ test }) => test === name)
      .map(show)
      .sort()
  expect(byTest('writes by node:fs')).toEqual([
    'js fs.createWriteStream /c.txt',
    'js fs.promises.writeFile /b.txt',
    'js fs.rename /d.txt -> /e.txt',
    'js fs.writeFileSync /a.txt',
  ])
  expect(byTest('loads a library')).toEqual([
    'syscall syscall:openat /mapped.txt',
    'syscall syscall:unlink /native.txt',
  ])
  expect(byTest('writes to a database')).toEqual(['js sqlite.DatabaseSync.prototype.exec /database'])
  expect(byTest('runs a shell')).toEqual([
    expect.stringContaining('js child_process.execSync'),
    'syscall syscall:unlinkat /f.txt',
  ])
  expect(byTest('runs a shell that is declared safe')).toEqual([])
  expect(byTest('runs a program that a rule knows')).toEqual(['js child_process.execSync /bin/mkdir made'])
  expect(byTest('writes what a rule knows')).toEqual(['js child_process.execSync echo x > a.log'])
  expect(byTest('asks a server')).toEqual(['js fetch 127.0.0.1:port'])
  expect(byTest('asks a server of its own by a program')).toEqual([
    expect.stringContaining('js child_process.spawn'),
  ])
  expect(byTest('only reads')).toEqual([])
  expect(byTest('crashes')).toEqual([
    expect.stringMatching(/^syscall syscall:execve .*\/sh$/),
    expect.stringMatching(/^syscall syscall:execve .*\/sh$/),
    'syscall syscall:execve tail -n 1 -f /g.txt',
    'syscall syscall:openat /j.txt',
    'syscall syscall:openat /n.txt',
    'syscall syscall:unlinkat /k.txt',
  ])
  expect(findings.filter(({ kind }) => kind === 'rule-unused')).toEqual([])
  const [unlinked] = findings.filter(({ resource }) => resource?.endsWith('f.txt'))
  expect(unlinked?.detail).toContain("can't be rolled back: `rm f.txt` made it, below JavaScript.")
})
