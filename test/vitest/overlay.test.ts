import { execSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { ForkEngine } from '../../src/fork/engine.ts'
import { watchProcess } from '../../src/fork/watch-process.ts'
import type { ReportFile } from '../../src/report/report-file.ts'
import { describeTree } from '../host/describe-tree.ts'
import { targetNames } from '../support/targets.ts'
import { outcomesOf } from './outcomes.ts'
import { sharedRun } from './shared-run.ts'

const files = {
  'overlay.test.ts': `
    import { rollbackSafe, setup } from 'forkpoint'
    import { execSync, spawn } from 'node:child_process'
    import fs from 'node:fs'
    import net from 'node:net'
    import { describe, expect, test } from 'vitest'

    const folder = process.env.FOLDER!
    const names = () => fs.readdirSync(folder).sort()
    setup(() => {
      fs.writeFileSync(folder + '/made-by-setup.txt', 'original')
      return () => fs.rmSync(folder + '/made-by-setup.txt')
    })
    for (const _ of [1, 2]) {
      test('removes all by a shell', () => {
        expect(names()).toEqual(['deep', 'kept.txt', 'made-by-setup.txt'])
        execSync('rm -rf *; echo x > new.txt', { cwd: folder })
        expect(names()).toEqual(['new.txt'])
      })
    }
    test('writes', () => fs.writeFileSync(folder + '/kept.txt', 'changed'))
    test('is tried again', { retry: 2 }, ({ task }) => {
      fs.appendFileSync(folder + '/kept.txt', 'x')
      expect(fs.readFileSync(folder + '/kept.txt', 'utf8')).toBe('keptx')
      expect(task.result?.retryCount).toBe(1)
    })
    /** It is there, and runs, when its first words are. */
    const start = (command: string, options = {}) => {
      const child = spawn('sh', ['-c', command], options)
      return new Promise(resolve => child.stdout.once('data', resolve))
    }
    test('leaves processes behind', async () => {
      await start('exec tail -n 1 -f ' + folder + '/kept.txt', { detached: true })
      await start('(exec tail -n +1 -f ' + folder + '/kept.txt) &')
      await rollbackSafe(() => start('exec tail -f ' + folder + '/kept.txt', { detached: true }), { why: 'it is a service' })
      await start('exec tail -n 2 -f ' + folder + '/kept.txt')
    })
    test('crashes', async () => {
      fs.writeFileSync('left-by-a-crash.txt', 'x')
      await start('exec tail -n 3 -f ' + folder + '/kept.txt', { detached: true })
      process.kill(process.pid, 'SIGKILL')
    })
    test('connects to somebody else', async () => {
      const socket = net.connect(80, '192.0.2.1')
      const error = await new Promise<Error>(resolve => socket.once('error', resolve))
      expect(error.message).toMatch(/ENETUNREACH.*because of forkpoint's option \`network: 'loopback'\`/)
    })
    test('writes to a database', () => {
      const sqlite = process.getBuiltinModule('node:sqlite')
      // Node 20 has none.
      if (sqlite !== undefined) new sqlite.DatabaseSync(folder + '/database').exec('CREATE TABLE t (a)')
    })
    test('only reads', () => expect(fs.readFileSync(folder + '/kept.txt', 'utf8')).toBe('kept'))
    describe('a suite with a setup of its own', () => {
      setup(() => {
        fs.writeFileSync(folder + '/deep/inner.txt', 'inner')
        return () => fs.rmSync(folder + '/deep/inner.txt')
      })
      for (const _ of [1, 2]) {
        test('starts from it', () => {
          expect(fs.readFileSync(folder + '/deep/inner.txt', 'utf8')).toBe('inner')
          fs.rmSync(folder, { recursive: true })
        })
      }
    })
    test('matches a snapshot', async () => {
      expect('a').toMatchSnapshot()
      await expect('b').toMatchFileSnapshot('b.txt')
      await import('./late.ts')
    })
  `,
  'late.ts': 'export const late = 1',
}

const folders: string[] = []
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

function makeFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'forkpoint-overlaid-')))
  folders.push(folder)
  mkdirSync(join(folder, 'deep'))
  writeFileSync(join(folder, 'kept.txt'), 'kept')
  return folder
}

/** Why this system has no overlays for tests; null where it has. */
function findRefusal(): string | null {
  const engine = ForkEngine.create(watchProcess())
  if (ForkEngine.refuseHere() !== null) return 'the fork engine can not run'
  const wanted = { root: process.cwd(), files: true, network: true, calls: false, shared: [] }
  return engine.isolate(wanted).files?.why ?? null
}

describe.each(targetNames)("%s: with `fs: 'overlay'`", target => {
  const refusal = findRefusal()
  const folder = makeFolder()
  const cache = makeFolder()
  const before = describeTree(folder)
  const run = sharedRun({
    target,
    files,
    plugin: {
      fs: 'overlay',
      network: 'loopback',
      keepOverlay: true,
      engine: 'fork',
      report: 'forkpoint.json',
    },
    env: { FOLDER: folder, FORKPOINT_CACHE: cache },
  })

  test('every test starts from the disk of its setup, whoever has changed it', async ({ skip }) => {
    skip(refusal !== null, refusal ?? '')
    const outcomes = Object.entries(outcomesOf(await run()))
    const failed = outcomes.filter(([, outcome]) => !outcome.startsWith('passed'))
    expect(failed).toEqual([[expect.stringContaining('crashes'), expect.stringContaining('SIGKILL')]])
    expect(outcomes.length).toBeGreaterThanOrEqual(9)
  })

  test('the disk is what it was, and has what the run itself writes', async ({ skip }) => {
    skip(refusal !== null, refusal ?? '')
    const { files: left } = await run()
    expect(describeTree(folder)).toEqual(before)
    expect(Object.keys(left)).toEqual(
      expect.arrayContaining(['__snapshots__/overlay.test.ts.snap', 'b.txt', 'forkpoint.json']),
    )
    expect(left).not.toHaveProperty('left-by-a-crash.txt')
  })

  test('what tests leave running is killed, and reported with the test', async ({ skip }) => {
    skip(refusal !== null, refusal ?? '')
    const { files: left } = await run()
    const { findings } = JSON.parse(left['forkpoint.json'] ?? '') as ReportFile
    const leaks = findings.filter(({ kind }) => kind === 'leak')
    const told = leaks.map(
      ({ test, resource, source }) => `${test}: ${resource?.replace(/ \/.*/, '')} (${source})`,
    )
    expect(told.sort()).toEqual([
      'crashes: tail -n 3 -f (syscall)',
      'leaves processes behind: sh -c exec tail -n 2 -f (js)',
      'leaves processes behind: tail -n +1 -f (syscall)',
      'leaves processes behind: tail -n 1 -f (syscall)',
    ])
    expect(leaks.map(({ detail }) => detail)).toContain(
      `The process \`tail -n 3 -f ${join(folder, 'kept.txt')}\` was started in the test, and still ran when it ended: ` +
        'it was killed. End it in the test.',
    )
    expect(execSync('ps -eo args', { encoding: 'utf8' })).not.toContain(join(folder, 'kept.txt'))
  })

  test('with `keepOverlay` there are copies of what a test has changed and made', async ({ skip }) => {
    skip(refusal !== null, refusal ?? '')
    const { files: left } = await run()
    const { discarded = [] } = JSON.parse(left['forkpoint.json'] ?? '') as ReportFile
    const keptOf = (name: string): string => discarded.find(({ test }) => test === name)?.keptIn ?? ''
    expect(keptOf('writes')).toBe(join(cache, 'overlay', 'overlay.test.ts', 'writes'))
    expect(readFileSync(join(keptOf('writes'), folder, 'kept.txt'), 'utf8')).toBe('changed')
    expect(describeTree(keptOf('removes all by a shell'))).toHaveProperty([join(folder, 'new.txt').slice(1)])
    expect(keptOf('only reads')).toBe('')
  })

  test('the report has what each test did to files, and no call that could not be taken back', async ({
    skip,
  }) => {
    skip(refusal !== null, refusal ?? '')
    const { files: left, stdout } = await run()
    const report = JSON.parse(left['forkpoint.json'] ?? '') as ReportFile
    const [first] = report.discarded ?? []
    expect(first).toMatchObject({ test: 'removes all by a shell' })
    expect(first?.deleted.sort()).toEqual(
      ['deep', 'kept.txt', 'made-by-setup.txt'].map(name => join(folder, name)),
    )
    expect(report.findings.filter(({ effect }) => /^(fs|db)\./.test(effect ?? ''))).toEqual([])
    expect(stdout).toMatch(
      /Overlay {2}3 files changed, [23] created, 8 deleted, and gone with the tests; copies are in \S*\/overlay\n/,
    )
  })
})
