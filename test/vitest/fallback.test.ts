import { describe, expect, test } from 'vitest'
import { compareRuns } from '../support/compare-runs.ts'
import type { SuiteRun } from '../support/suite-run.ts'
import { targetNames } from '../support/targets.ts'
import { counter, countsOf } from './counted.ts'
import { failuresOf } from './outcomes.ts'
import { sharedRun } from './shared-run.ts'

const head = `
  import { setup } from 'forkpoint'
  import { describe, expect, test } from 'vitest'
  import { count } from './count.ts'
`

const files = {
  ...counter,
  'worker.test.ts': `${head}
    import { once } from 'node:events'
    import { Worker } from 'node:worker_threads'
    let worker: Worker
    let question: number
    setup(() => {
      question = 1
      const code = "const { parentPort } = require('node:worker_threads');" +
        "parentPort.on('message', number => parentPort.postMessage(number + 1))"
      worker = new Worker(code, { eval: true })
      return () => worker.terminate()
    })
    test.each([1, 2, 3])('test %i', async () => {
      worker.postMessage(question++)
      expect(await once(worker, 'message')).toEqual([2])
    })
  `,
  // Who opens a pipe for reading waits, on a thread of the pool, until somebody opens it for writing.
  'pipe.test.ts': `${head}
    import { execFileSync } from 'node:child_process'
    import { closeSync, openSync } from 'node:fs'
    import { type FileHandle, open } from 'node:fs/promises'
    let opening: Promise<FileHandle>
    const list: string[] = []
    execFileSync('mkfifo', ['pipe'])
    setup(() => {
      list.splice(0, list.length, 'a')
      opening = open('pipe')
      return async () => {
        const writer = openSync('pipe', 'r+')
        await (await opening).close()
        closeSync(writer)
      }
    })
    test.each([1, 2])('test %i', () => {
      expect(list).toEqual(['a'])
      list.push('b')
    })
  `,
  'throws.test.ts': `${head}
    setup(() => {
      count('setup that throws')
      throw new TypeError('the shop is closed')
    })
    test.each([1, 2])('test %i', () => count('test that must not run'))
    describe('nested', () => {
      setup(() => count('setup that must not run'))
      test('test', () => count('test that must not run'))
    })
  `,
  'late.test.ts': `${head}
    setup(() => new Promise(() => {}), 100)
    test.each([1, 2])('test %i', () => count('test that must not run'))
  `,
}

const timedOut =
  'failed: Hook timed out in 100ms.\n' +
  'If this is a long-running hook, pass a timeout value as the last argument or configure it globally with "hookTimeout".'

/** The lines of the summary from "Findings" on. */
function findingsOf({ stdout }: SuiteRun): string[] {
  const lines = stdout.trimEnd().split('\n')
  return lines.slice(lines.findIndex(line => line.startsWith('   Findings  ')))
}

describe.each(targetNames)('%s', target => {
  const plain = sharedRun({ target, files, plugin: false })
  const fallen = sharedRun({
    target,
    files,
    plugin: { engine: 'fork', warmup: 0 },
    env: { FORKPOINT_TRACE: '1' },
  })

  test.concurrent('where a suite can not be rolled back, outcomes are those of plain Vitest', async () => {
    const except = [/\.hooks($|\.)/, /^files\./]
    expect(compareRuns(await plain(), await fallen(), { except })).toEqual([])
  })

  test.concurrent("a setup that fails or takes too long fails every test with its own error or Vitest's", async () => {
    expect(failuresOf(await fallen())).toEqual({
      'late.test.ts > test 1': timedOut,
      'late.test.ts > test 2': timedOut,
      'throws.test.ts > test 1': 'failed: the shop is closed',
      'throws.test.ts > test 2': 'failed: the shop is closed',
      'throws.test.ts > nested > test': 'failed: the shop is closed',
    })
    expect(countsOf(await fallen())).toEqual({ 'setup that throws': 3 })
  })

  test.concurrent('the summary says of each suite why its setup was re-run', async () => {
    expect(findingsOf(await fallen())).toEqual([
      '   Findings  3 (seen 5 times)',
      '             3 × Setup was re-run for every test: its setup failed, and each test has to report that.',
      '               late.test.ts',
      '               throws.test.ts',
      '               throws.test.ts > nested',
      '             Setup was re-run for every test: work is in flight (1 request to the ' +
        'system or its thread pool, among them FSReqPromise); await it in the setup, or stop it before the setup returns.',
      '               pipe.test.ts',
      '             Setup was re-run for every test: 1 worker thread is alive, and would be dead in every test; terminate ' +
        'workers before the setup returns, or start them in the test.',
      '               worker.test.ts',
    ])
  })

  test.concurrent('a suite whose setup attaches a debugger is not rolled back, and the next one is', async () => {
    const cart = `${head}
      import * as inspector from 'node:inspector'
      let list = []
      describe('debugged', () => {
        setup(() => {
          list = ['a']
          inspector.open(0)
          return () => inspector.close()
        })
        test.each([1, 2])('test %i', () => expect(list.splice(0)).toEqual(['a']))
      })
      describe('not debugged', () => {
        setup(() => void (list = ['b']))
        test.each([1, 2])('test %i', () => expect(list.splice(0)).toEqual(['b']))
      })
    `
    const { exitCode, files: written } = await sharedRun({
      target,
      files: { ...counter, 'cart.test.ts': cart },
      plugin: { engine: 'fork', warmup: 0, report: 'report.json' },
    })()
    const { checkpoints, findings } = JSON.parse(written['report.json'] ?? '{}')
    const decisions = checkpoints.map(({ suite, decision }: Record<string, string>) => [suite, decision])
    expect([exitCode, decisions.sort()]).toEqual([
      0,
      [
        ['debugged', 'plain'],
        ['not debugged', 'rolled-back'],
      ],
    ])
    expect(findings.map(({ suite, detail }: Record<string, string>) => [suite, detail])).toEqual([
      [
        'debugged',
        'Setup was re-run for every test: a debugger is attached, and a forked process can not be debugged; debug without ' +
          'rollback, or run without --inspect.',
      ],
    ])
  })

  test.concurrent('under a debugger nothing is rolled back', async () => {
    const cart = `${head}
      setup(() => count('setup'))
      test.each([1, 2])('test %i', () => {})
    `
    const { exitCode, stdout } = await sharedRun({
      target,
      files: { ...counter, 'cart.test.ts': cart },
      plugin: {},
      config: { execArgv: ['--inspect=0'] },
    })()
    expect([exitCode, ...stdout.trimEnd().split('\n')]).toEqual([
      0,
      '  Forkpoint  off: no engine can run here, so setup is re-run for every test',
      "             fork engine can't run here: a debugger is attached, and a forked process can not be debugged; debug " +
        'without rollback, or run without --inspect',
      "             heap engine can't run here: the sources of this project are not transformed for it; ask for it by " +
        "name: `engine: 'heap'`",
    ])
  })
})
