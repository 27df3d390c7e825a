import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Finding } from '../../src/finding.ts'
import { runSuite } from '../support/run-suite.ts'
import type { PluginOptions } from '../support/suite-config.ts'
import type { SuiteRun } from '../support/suite-run.ts'
import { repositoryRoot, targetNames } from '../support/targets.ts'
import { outcomesOf } from './outcomes.ts'

const corpus = (names: readonly string[]): Record<string, string> =>
  Object.fromEntries(
    names.map(name => [name, readFileSync(join(repositoryRoot, 'test/corpus/host-calls', name), 'utf8')]),
  )
const files = corpus(['fixture.test.ts', 'unsafe.test.ts', 'annotated.test.ts'])
const all = { ...files, ...corpus(['leaks.test.ts']) }

const peer = createServer((_, response) => response.end('answer'))
let port = 0
beforeAll(async () => {
  await new Promise<void>(resolve => peer.listen(0, '127.0.0.1', resolve))
  port = (peer.address() as AddressInfo).port
})
afterAll(() => peer.close())

interface Report {
  findings: Finding[]
}

const reportOf = (run: SuiteRun): Report => JSON.parse(run.files['report.json'] ?? '{}') as Report

/** Findings of a file, each as one line. */
function findingsOf(run: SuiteRun, file: string): string[] {
  const { findings } = reportOf(run)
  const own = findings.filter(finding => finding.file?.endsWith(file) && finding.kind !== 'fallback')
  return own.map(({ nature, kind, call, resource = '', test: name, count, site = '' }) => {
    const line = site.replace(/.*\/(\w+\.test\.ts:\d+):\d+$/, '$1')
    return `${name}: ${nature ?? kind} ${call} (${resource.replace(`:${port}`, ':PORT')}) × ${count} ${line}`
  })
}

describe.each(targetNames)('%s', target => {
  /** One engine on each: what is said of calls does not depend on it. */
  const other = target === 'vitest-5' ? 'heap' : 'fork'
  const run = (
    plugin: PluginOptions,
    more: Record<string, string> = {},
    own: Record<string, string> = files,
  ): Promise<SuiteRun> =>
    runSuite({
      target,
      files: own,
      plugin: { warmup: 0, report: 'report.json', ...plugin },
      env: { PORT: String(port), ...more },
    })

  const lineOf = (file: string, text: string): string =>
    `${file}:${(all[file] ?? '').split('\n').findIndex(line => line.includes(text)) + 1}`
  const at = (text: string): string => lineOf('unsafe.test.ts', text)

  test.each(['fork', 'heap'])(
    '%s engine: what tests did to the files of their setup is undone, the rest is reported',
    async engine => {
      const ended = await run({ engine }, {}, all)
      expect(Object.entries(outcomesOf(ended)).filter(([, outcome]) => outcome !== 'passed')).toEqual([])
      const { findings } = reportOf(ended)
      expect(findings.filter(({ kind }) => kind === 'fallback')).toEqual([])
      expect(findingsOf(ended, 'fixture.test.ts')).toEqual([])
      expect(findingsOf(ended, 'annotated.test.ts')).toEqual([])
      expect(findingsOf(ended, 'unsafe.test.ts').sort()).toEqual(
        [
          `calls what is declared unsafe: unsafe mailer.send () × 1 ${at("test('calls what")}`,
          `fetches: unsafe fetch (127.0.0.1:PORT) × 1 ${at("test('fetches")}`,
          `leaves a file: compensable fs.writeFileSync (<dir>/left.txt) × 1 ${at('left.txt')}`,
          `leaves a process: leak child_process.spawn (sleep 60) × 1 ${at("spawn('sleep")}`,
          `leaves a process: unsafe child_process.spawn (sleep 60) × 1 ${at("spawn('sleep")}`,
          `requests: unsafe net.Socket.prototype.connect (127.0.0.1:PORT) × 1 ${at('http.get')}`,
          `runs a command: unsafe child_process.execSync (true) × 1 ${at("execSync('true')")}`,
          `runs one twice: unsafe child_process.spawnSync (true) × 2 ${at("spawnSync('true')")}`,
          `sends a message: unsafe dgram.Socket.prototype.send (127.0.0.1:9) × 1 ${at('socket.send')}`,
          `starts a process: unsafe child_process.spawn (true) × 1 ${at("test('starts a process")}`,
          `starts a thread: unsafe worker_threads.Worker () × 1 ${at('new Worker')}`,
          `swallows all errors: unsafe child_process.execFileSync (true) × 1 ${at("execFileSync('")}`,
        ].sort(),
      )
      const leak = (text: string): string => lineOf('leaks.test.ts', text)
      expect(findingsOf(ended, 'leaks.test.ts').filter(line => line.includes(': leak '))).toEqual([
        `a timer: leak setTimeout () × 1 ${leak("'a timer'), 200")}`,
        `a promise: leak setTimeout () × 1 ${leak('const wait')}`,
        `an interval: leak setInterval () × 1 ${leak("'an interval'), 5")}`,
        'the last of many timers: leak setTimeout () × 1 ',
        `a server: leak net.Server.prototype.listen () × 1 ${leak("test('a server'")}`,
        `a UDP socket: leak dgram.Socket.prototype.bind () × 1 ${leak("test('a UDP socket'")}`,
        `a connection: leak net.Socket.prototype.connect (127.0.0.1:PORT) × 1 ${leak('const connect')}`,
        `a watcher: leak fs.watch (.) × 1 ${leak("fs.watch('.')")}`,
        `a watcher: leak fs.watchFile (opened.txt) × 1 ${leak('fs.watchFile')}`,
        `a descriptor: leak fs.openSync (opened.txt) × 1 ${leak("fs.openSync('opened.txt', 'r')")}`,
        `a descriptor with a callback: leak fs.open (opened.txt) × 1 ${leak("fs.open('opened.txt'")}`,
        'the last of many descriptors: leak fs.openSync (opened.txt) × 1 ',
        `a handle: leak fs.promises.open (opened.txt) × 1 ${leak('kept.handle =')}`,
        `a stream: leak fs.createWriteStream (opened.txt) × 1 ${leak("createWriteStream('opened.txt').on")}`,
        'what only Node knows of: leak FSEventWrap () × 1 ',
        'what only Node knows of: leak MessagePort () × 1 ',
        `a thread: leak worker_threads.Worker () × 1 ${leak("{ eval: true }).on('online'")}`,
      ])
      expect(findings.find(({ test: name, kind }) => kind === 'leak' && name === 'an interval')?.detail).toBe(
        'An interval of 5 ms was started in the test, and still waited when it ended: it was cleared. ' +
          'Clear it in the test, or await what it is for.',
      )
      expect(findings.find(({ call }) => call === 'MessagePort')?.detail).toBe(
        "A resource of Node's, a `MessagePort`, was opened in the test, and still was open when it ended: it was left to end " +
          'with the process. Close it in the test; Node tells no more of it.',
      )
      expect(ended.leftover).toEqual([])
      expect(
        Object.keys(ended.files)
          .filter(name => !(name in all))
          .sort(),
      ).toEqual(['left.txt', 'report.json'])
      const own = ended.captured.tasks['unsafe.test.ts > runs a command']
      expect(own?.state).toBe('passed')
    },
  )

  test('strict: a test that makes such a call fails, though it swallows every error; others pass', async () => {
    const ended = await run({ engine: other, guard: 'strict' })
    const outcomes = outcomesOf(ended)
    const failed = Object.keys(outcomes).filter(name => outcomes[name] !== 'passed')
    expect(failed.sort()).toEqual(
      [
        'calls what is declared unsafe',
        'fetches',
        'leaves a process',
        'requests',
        'runs a command',
        'runs one twice',
        'sends a message',
        'starts a process',
        'starts a thread',
        'swallows all errors',
      ].map(name => `unsafe.test.ts > ${name}`),
    )
    expect(outcomes['unsafe.test.ts > swallows all errors']).toBe(
      "failed: [forkpoint] The test made a host call that can't be rolled back:\n" +
        `  child_process.execFileSync (true) at <dir>/${at("execFileSync('")}:5\n` +
        "Mark what is safe with `rollbackSafe(fn, { why })` or a rule, or set `guard: 'warn'`. (ERR_FORKPOINT_HOST_CALL)",
    )
  })

  test('the first rule that fits a call says what it is, and one that fits none is reported', async () => {
    const ended = await run({
      engine: other,
      rules: [
        { call: 'child_process.*', path: 'true', nature: 'safe', why: 'does nothing' },
        { call: '{fetch,net.**}', from: 'unsafe.test.ts', nature: 'safe', why: 'a mirror' },
        { call: 'fs.*', path: 'left.*', nature: 'unsafe', why: 'nobody may write there' },
        { call: 'fs.cp*', nature: 'safe', why: 'long gone' },
      ],
    })
    const seen = findingsOf(ended, 'unsafe.test.ts').map(line => line.replace(/ × .*/, ''))
    expect(seen.sort()).toEqual([
      'calls what is declared unsafe: unsafe mailer.send ()',
      'leaves a file: unsafe fs.writeFileSync (<dir>/left.txt)',
      'leaves a process: leak child_process.spawn (sleep 60)',
      'leaves a process: unsafe child_process.spawn (sleep 60)',
      'sends a message: unsafe dgram.Socket.prototype.send (127.0.0.1:9)',
      'starts a thread: unsafe worker_threads.Worker ()',
    ])
    expect(reportOf(ended).findings.filter(({ kind }) => kind === 'rule-unused')).toEqual([
      {
        kind: 'rule-unused',
        call: 'fs.cp*',
        detail:
          'The rule `rules[3]` (fs.cp*: long gone) fitted no call of this run. Remove it, or correct it.',
        count: 1,
      },
    ])
  })

  test("with `fs: 'journal'` nothing that a test does to the disk stays, and none of it is reported", async () => {
    const ended = await run({ engine: other, fs: 'journal' })
    expect(outcomesOf(ended)['unsafe.test.ts > leaves a file']).toBe('passed')
    expect(findingsOf(ended, 'unsafe.test.ts').filter(line => line.startsWith('leaves a file'))).toEqual([])
    expect(Object.keys(ended.files).filter(name => !(name in files))).toEqual(['report.json'])
  })

  test('off: nothing is watched', async () => {
    const ended = await run({ engine: 'fork', guard: 'off' })
    expect(findingsOf(ended, 'unsafe.test.ts')).toEqual([])
  })

  test('a test that is killed in the middle has its files put back', async () => {
    const ended = await run({ engine: 'fork' }, { CRASH: '1' })
    const outcomes = outcomesOf(ended)
    expect(outcomes['fixture.test.ts > crashes in the middle']).toContain('failed')
    expect(outcomes['fixture.test.ts > nothing']).toBe('passed')
  })
})
