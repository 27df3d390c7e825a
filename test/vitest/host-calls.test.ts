import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Finding } from '../../src/finding.ts'
import { runSuite } from '../support/run-suite.ts'
import type { PluginOptions } from '../support/suite-config.ts'
import type { SuiteFiles } from '../support/suite-folder.ts'
import type { SuiteRun } from '../support/suite-run.ts'
import { targetNames } from '../support/targets.ts'
import { outcomesOf } from './outcomes.ts'

const head = `
  import { hostCall, onRollback, rollbackSafe, setup } from 'forkpoint'
  import { execFileSync, execSync, spawn, spawnSync } from 'node:child_process'
  import { createSocket } from 'node:dgram'
  import fs from 'node:fs'
  import promises from 'node:fs/promises'
  import http from 'node:http'
  import net from 'node:net'
  import { tmpdir } from 'node:os'
  import { join } from 'node:path'
  import { Worker } from 'node:worker_threads'
  import { describe, expect, test } from 'vitest'
`

const files = {
  // What the setup has made is as it was, whatever tests did to it.
  'fixture.test.ts': `${head}
    let folder: string
    setup(() => {
      folder = fs.mkdtempSync(join(tmpdir(), 'forkpoint-host-calls-'))
      fs.writeFileSync(join(folder, 'a.txt'), 'original')
      fs.mkdirSync(join(folder, 'sub'))
      fs.writeFileSync(join(folder, 'sub/b.txt'), 'original')
      fs.writeFileSync('made-by-setup.txt', 'original')
      return () => {
        fs.rmSync(folder, { recursive: true })
        fs.rmSync('made-by-setup.txt')
      }
    })
    const changes: Record<string, () => unknown> = {
      writes: () => fs.writeFileSync(join(folder, 'a.txt'), 'changed'),
      'writes beside the tests': () => fs.writeFileSync('made-by-setup.txt', 'changed'),
      'adds files': () => promises.writeFile(join(folder, 'new.txt'), 'new'),
      'removes a tree': () => fs.rmSync(join(folder, 'sub'), { recursive: true }),
      moves: () => promises.rename(join(folder, 'sub'), join(folder, 'other')),
      streams: () => new Promise(resolve => fs.createWriteStream(join(folder, 'a.txt')).end('changed', resolve)),
      'changes attributes': () => fs.chmodSync(join(folder, 'a.txt'), 0o600),
      'crashes in the middle': () => {
        fs.writeFileSync(join(folder, 'a.txt'), 'changed')
        if (process.env.CRASH) process.kill(process.pid, 'SIGKILL')
      },
      nothing: () => {},
    }
    test.each(Object.entries(changes))('%s', async (_, change) => {
      const names = fs.readdirSync(folder, { recursive: true }).map(String).sort()
      expect(names).toEqual(['a.txt', 'sub', 'sub/b.txt'])
      for (const path of [join(folder, 'a.txt'), join(folder, 'sub/b.txt'), 'made-by-setup.txt'])
        expect(fs.readFileSync(path, 'utf8')).toBe('original')
      await change()
    })
  `,
  'unsafe.test.ts': `${head}
    // Node's client is loaded here, and not in a test.
    await fetch('data:,')
    setup(() => {})
    const port = Number(process.env.PORT)
    test('runs a command', () => {
      execSync('true')
    })
    test('runs one twice', () => {
      for (const _ of [1, 2]) spawnSync('true')
    })
    test('starts a process', () => new Promise(resolve => spawn('true').on('close', resolve)))
    test('leaves a process', () => {
      spawn('sleep', ['60'])
    })
    test('fetches', () => fetch('http://127.0.0.1:' + port).then(response => response.text()))
    test('requests', () => new Promise<void>(resolve => {
      http.get({ port, host: '127.0.0.1', agent: false }, response => response.resume().on('end', () => resolve()))
    }))
    test('sends a message', () => new Promise<void>((resolve, reject) => {
      const socket = createSocket('udp4')
      socket.send('x', 9, '127.0.0.1', error => {
        socket.close()
        error ? reject(error) : resolve()
      })
    }))
    test('starts a thread', () => new Worker('', { eval: true }).terminate())
    test('leaves a file', () => fs.writeFileSync('left.txt', 'x'))
    const send = hostCall(() => {}, { call: 'mailer.send', nature: 'unsafe', why: 'a mail is on its way' })
    test('calls what is declared unsafe', () => send())
    test('swallows all errors', () => {
      try {
        execFileSync('true')
      } catch {}
    })
  `,
  'annotated.test.ts': `${head}
    const undone: string[] = []
    setup(() => {})
    test('declares calls safe', async () => {
      rollbackSafe(() => execSync('true'), { why: 'does nothing' })
      await rollbackSafe(async () => {
        await new Promise(resolve => setTimeout(resolve, 1))
        spawnSync('true')
      }, { why: 'does nothing' })
    })
    test('without a reason it is an error', () => {
      expect(() => rollbackSafe(() => {}, {} as never)).toThrow('\`why\` is missing')
    })
    const make = hostCall((name: string) => fs.writeFileSync(name, name), {
      call: 'make',
      nature: 'compensable',
      undo: (_, [name]) => fs.rmSync(name),
      why: 'removed again',
    })
    test('undoes by functions of its own', () => {
      make('declared-1.txt')
      onRollback(() => expect(fs.existsSync('declared-1.txt')).toBe(true))
      make('declared-2.txt')
      onRollback(() => expect(fs.existsSync('declared-2.txt')).toBe(true))
    })
    test('and they have run', () => {
      expect([fs.existsSync('declared-1.txt'), fs.existsSync('declared-2.txt')]).toEqual([false, false])
    })
  `,
}

const leaks = {
  // What tests leave running, and what they don't.
  'leaks.test.ts': `${head}
    let seen: string[] = []
    const tick = () => void setTimeout(tick, 150)
    setup(() => {
      seen = []
      tick()
      fs.writeFileSync('opened.txt', 'x')
      return () => fs.rmSync('opened.txt')
    })
    const wait = (ms: number) => new Promise(resolve => setTimeout(resolve, ms))
    const connect = (options: object) => net.connect({ host: '127.0.0.1', port: Number(process.env.PORT), ...options })
    test('a timer', () => {
      setTimeout(() => seen.push('a timer'), 200)
    })
    test('a promise', () => {
      void wait(210)
    })
    test('an interval', () => {
      setInterval(() => seen.push('an interval'), 5)
    })
    test('the last of many timers', () => {
      for (let i = 0; i < 50; i++) clearTimeout(setTimeout(() => {}, 1000))
      setTimeout(() => {}, 220)
    })
    test('a server', () => new Promise<void>(resolve => net.createServer().listen(0, resolve)))
    test('a UDP socket', () => new Promise<void>(resolve => createSocket('udp4').bind(0, resolve)))
    test('a connection', () => new Promise<void>(resolve => connect({}).on('connect', resolve)))
    test('a watcher', () => {
      fs.watch('.')
      fs.watchFile('opened.txt', () => {})
    })
    test('a descriptor', () => {
      fs.openSync('opened.txt', 'r')
    })
    test('a descriptor with a callback', () => new Promise<void>(resolve => fs.open('opened.txt', () => resolve())))
    test('a handle', async () => {
      globalThis.kept = await promises.open('opened.txt')
    })
    test('a stream', () => new Promise<void>(resolve => fs.createWriteStream('opened.txt').on('open', () => resolve())))
    test('a thread', () => new Promise<void>(resolve => {
      rollbackSafe(() => {}, { why: 'says nothing of threads' })
      new Worker('setInterval(() => {}, 1000)', { eval: true }).on('online', () => resolve())
    }))
    test('nothing that matters', async () => {
      await wait(1)
      setTimeout(() => {}, 20)
      setTimeout(() => {}, 1000).unref()
      clearInterval(setInterval(() => {}, 1000))
      const own = net.createServer().listen(0)
      own.unref()
      const closed = net.createServer().listen(0)
      await wait(1)
      closed.close()
      const connection = connect({})
      await new Promise(resolve => connection.on('connect', resolve))
      connection.end()
      const fd = fs.openSync('opened.txt', 'r')
      fs.closeSync(fd)
      const handle = await promises.open('opened.txt')
      handle.close()
      fs.watch('.').close()
      fs.watch('.', { persistent: false })
      fs.createWriteStream('opened.txt').end()
      const socket = createSocket('udp4').bind(0)
      await new Promise(resolve => socket.on('listening', resolve))
      socket.close()
      const thread = new Worker('setInterval(() => {}, 1000)', { eval: true })
      await new Promise(resolve => thread.on('online', resolve))
      thread.terminate()
      const child = spawn('sleep', ['60'])
      await new Promise(resolve => child.on('spawn', resolve))
      child.kill()
      rollbackSafe(() => net.createServer().listen(0), { why: 'closed by nobody' })
    })
    test('and all is gone', async () => {
      await wait(250)
      expect(seen).toEqual([])
      const kinds = /^(TCPServerWrap|UDPWrap|FSEventWrap|StatWatcher)$/
      expect(process.getActiveResourcesInfo().filter(kind => kinds.test(kind))).toEqual([])
    })
  `,
}

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
    own: SuiteFiles = files,
  ): Promise<SuiteRun> =>
    runSuite({
      target,
      files: own,
      plugin: { warmup: 0, report: 'report.json', ...plugin },
      env: { PORT: String(port), ...more },
    })

  const all = { ...files, ...leaks }
  const lineOf = (file: keyof typeof all, text: string): string =>
    `${file}:${all[file].split('\n').findIndex(line => line.includes(text)) + 1}`
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
          `swallows all errors: unsafe child_process.execFileSync (true) × 1 ${at('execFileSync(')}`,
        ].sort(),
      )
      const leak = (text: string): string => lineOf('leaks.test.ts', text)
      expect(findingsOf(ended, 'leaks.test.ts').filter(line => line.includes(': leak '))).toEqual([
        `a timer: leak setTimeout () × 1 ${leak("'a timer'), 200")}`,
        `a promise: leak setTimeout () × 1 ${leak('const wait')}`,
        `an interval: leak setInterval () × 1 ${leak("'an interval'), 5")}`,
        'the last of many timers: leak setTimeout () × 1 ',
        `a server: leak net.Server.prototype.listen () × 1 ${leak("test('a server'")}`,
        `a UDP socket: leak dgram.Socket.prototype.bind () × 1 ${leak('.bind(0, resolve)')}`,
        `a connection: leak net.Socket.prototype.connect (127.0.0.1:PORT) × 1 ${leak('const connect')}`,
        `a watcher: leak fs.watch (.) × 1 ${leak("fs.watch('.')")}`,
        `a watcher: leak fs.watchFile (opened.txt) × 1 ${leak('fs.watchFile')}`,
        `a descriptor: leak fs.openSync (opened.txt) × 1 ${leak("fs.openSync('opened.txt', 'r')")}`,
        `a descriptor with a callback: leak fs.open (opened.txt) × 1 ${leak("fs.open('opened.txt'")}`,
        `a handle: leak fs.promises.open (opened.txt) × 1 ${leak('globalThis.kept')}`,
        `a stream: leak fs.createWriteStream (opened.txt) × 1 ${leak("test('a stream'")}`,
        `a thread: leak worker_threads.Worker () × 1 ${leak("{ eval: true }).on('online'")}`,
      ])
      expect(findings.find(({ test: name, kind }) => kind === 'leak' && name === 'an interval')?.detail).toBe(
        'An interval of 5 ms was started in the test, and still waited when it ended: it was cleared. ' +
          'Clear it in the test, or await what it is for.',
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
        `  child_process.execFileSync (true) at <dir>/${at('execFileSync(')}:9\n` +
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
