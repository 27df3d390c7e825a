import { once } from 'node:events'
import { createServer as createHttpServer } from 'node:http'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createServer as createTlsServer } from 'node:tls'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { compareRuns } from '../support/compare-runs.ts'
import type { SuiteRun } from '../support/suite-run.ts'
import { targetNames } from '../support/targets.ts'
import { outcomesOf } from './outcomes.ts'
import { sharedRun } from './shared-run.ts'

/** Self-signed, for localhost, until 2126. */
const key = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgorI1on799d1A9mLC
AjkVtT1XxiD5Tg6+fmBiLcDW+eahRANCAATsdtMJo+aaS99BrrHHYVYpGuFRutSu
WD6Cd1hOoeyWCo61IfNC+xRjqHDw96WHDXGxi7ura1+dZ950nH7eWCDX
-----END PRIVATE KEY-----`
const cert = `-----BEGIN CERTIFICATE-----
MIIBgDCCASWgAwIBAgIUIdpl5TNu830PUwaMZTDbgTeVikEwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMTEyMzcwOFoYDzIxMjYxMDI4
MTIzNzA4WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAATsdtMJo+aaS99BrrHHYVYpGuFRutSuWD6Cd1hOoeyWCo61IfNC+xRj
qHDw96WHDXGxi7ura1+dZ950nH7eWCDXo1MwUTAdBgNVHQ4EFgQUBOdKmJfHlm9v
lpD9d5uK04LxqV4wHwYDVR0jBBgwFoAUBOdKmJfHlm9vlpD9d5uK04LxqV4wDwYD
VR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNJADBGAiEAnL3F2AK69aeiPUmal+wy
EXoEkd5/etTMe027VILVXLoCIQCnzO0BXnWMNJTZaoO5TZRCMBrsuW2hAfxLO6zQ
KIuf5g==
-----END CERTIFICATE-----`

// The other ends, in this process: each says how many messages have come over a connection, and what the last one was.
const count = (socket: NodeJS.ReadWriteStream): void => {
  let messages = 0
  socket.on('data', data => socket.write(`${++messages} ${data}`)).on('error', () => {})
}
const path = join(tmpdir(), `forkpoint-connections-${process.pid}`)
const servers = {
  tcp: createServer(count),
  unix: createServer(count),
  tls: createTlsServer({ key, cert }, count),
  http: createHttpServer((_, response) => response.end('1 a')),
} satisfies Record<string, Server>
const portOf = (server: Server): number => (server.address() as AddressInfo).port

beforeAll(async () => {
  servers.unix.listen(path)
  for (const server of [servers.tcp, servers.tls, servers.http]) server.listen(0, '127.0.0.1')
  await Promise.all(Object.values(servers).map(server => once(server, 'listening')))
})
afterAll(() => Promise.all(Object.values(servers).map(server => server.close())))

const head = `
  import { afterFork, beforeFork, setup } from 'forkpoint'
  import { once } from 'node:events'
  import net from 'node:net'
  import tls from 'node:tls'
  import http from 'node:http'
  import { spawn } from 'node:child_process'
  import { afterAll, beforeAll, describe, expect, test } from 'vitest'

  const ask = async (socket, word) => {
    socket.write(word)
    return String(await once(socket, 'data'))
  }
  const ends = async socket => {
    socket.end()
    await once(socket, 'close')
  }
`

/** Two tests on a connection that the setup opens at line 21. */
const suiteOn = (open: string): string => `${head}
    let client
    setup(async () => {
      ${open}
      return () => client.destroy()
    })
    test.each([1, 2])('test %i', async () => {
      expect(await ask(client, 'a')).toBe('1 a')
    })
  `

const files = {
  'tcp.test.ts': suiteOn("client = new net.Socket().connect(+process.env.TCP, '127.0.0.1')"),
  'unix.test.ts': suiteOn('client = net.connect(process.env.UNIX)'),
  'tls.test.ts': suiteOn(
    "client = tls.connect(+process.env.TLS, '127.0.0.1', { rejectUnauthorized: false }); await once(client, 'secureConnect')",
  ),
  'agent.test.ts': `${head}
    let text
    const agent = new http.Agent({ keepAlive: true })
    setup(async () => {
      text = await new Promise(resolve => {
        http.get({ agent, port: process.env.HTTP, host: '127.0.0.1' }, async response => {
          for await (const chunk of response) resolve(String(chunk))
        })
      })
      return () => agent.destroy()
    })
    test.each([1, 2])('test %i', () => expect(text).toBe('1 a'))
  `,
  'child.test.ts': `${head}
    let child
    setup(() => {
      child = spawn('cat', ['-u'])
      return () => child.kill()
    })
    test.each([1, 2])('test %i', async () => {
      child.stdin.write('a')
      expect(String(await once(child.stdout, 'data'))).toBe('a')
    })
  `,
  'cured.test.ts': `${head}
    let client
    let rows = []
    const connect = async () => {
      client = net.connect(+process.env.TCP, '127.0.0.1')
      await once(client, 'connect')
    }
    beforeFork(() => ends(client))
    afterFork(connect)
    beforeAll(connect)
    afterAll(async () => {
      expect(await ask(client, 'last')).toMatch(/ last$/)
      await ends(client)
    })
    setup(() => {
      rows = ['a']
    })
    test.each([1, 2, 3])('test %i', async () => {
      expect(await ask(client, rows.pop())).toMatch(/ a$/)
    })
    describe('nested', () => {
      setup(() => void rows.push('b'))
      test.each([1, 2])('test %i', async () => {
        expect(await ask(client, rows.pop())).toMatch(/ b$/)
      })
    })
  `,
}

const remedy =
  'close it in a `beforeFork` callback and open it again in an `afterFork` callback: ' +
  '`beforeFork(() => client.end())`, `afterFork(() => client.connect())`'

describe.each(targetNames)('%s', target => {
  const env = (): Record<string, string> => ({
    TCP: `${portOf(servers.tcp)}`,
    TLS: `${portOf(servers.tls)}`,
    HTTP: `${portOf(servers.http)}`,
    UNIX: path,
  })
  let run: SuiteRun
  let plain: SuiteRun
  beforeAll(async () => {
    const plugin = { engine: 'fork', warmup: 0, report: 'report.json' }
    ;[run, plain] = await Promise.all([
      sharedRun({ target, files, plugin, env: env() })(),
      sharedRun({ target, files, plugin: false, env: env() })(),
    ])
  })

  test('with connections to other processes, outcomes are those of plain Vitest', () => {
    const except = [/\.hooks($|\.)/, /^files\./]
    expect(compareRuns(plain, run, { except })).toEqual([])
    expect(new Set(Object.values(outcomesOf(run)))).toEqual(new Set(['passed']))
  })

  test('each is a finding that names the peer, the line that opened it, and what to do', () => {
    const { findings } = JSON.parse(run.files['report.json'] ?? '{}')
    const finding = (file: string, line: string, why: string): object => ({
      file: `<dir>/${file}.test.ts`,
      kind: 'fallback',
      nature: 'unsafe',
      effect: 'net.connection',
      detail: `Setup was re-run for every test: ${why}.`,
      suite: '',
      site: `<dir>/${file}.test.ts:${line}`,
      count: 1,
    })
    const connection = (file: string, line: string, peer: string): object =>
      finding(
        file,
        line,
        `a connection to ${peer} is open, and what a test sends over it can not be rolled back; ${remedy}`,
      )
    const child = finding(
      'child',
      '21:15',
      'the child process `cat -u` is alive, and its state can not be rolled back; end it in a `beforeFork` callback ' +
        'and start it again in an `afterFork` callback, or start it in the tests',
    )
    findings.sort((a: { file: string }, b: { file: string }) => (a.file < b.file ? -1 : 1))
    expect(findings).toEqual([
      connection('agent', '23:14', `127.0.0.1:${env().HTTP}`),
      { ...child, effect: 'process.child' },
      connection('tcp', '21:33', `127.0.0.1:${env().TCP}`),
      connection('tls', '21:20', `127.0.0.1:${env().TLS}`),
      connection('unix', '21:20', path),
    ])
  })

  test('one that is closed in beforeFork and opened in afterFork is rolled back with its suite', () => {
    const { checkpoints } = JSON.parse(run.files['report.json'] ?? '{}')
    const cured = checkpoints.filter(({ file }: { file: string }) => file.endsWith('cured.test.ts'))
    expect(cured.map(({ suite, restores }: Record<string, unknown>) => [suite, restores])).toEqual([
      ['', 3],
      ['nested', 2],
    ])
  })

  test('the summary names them, with the line', () => {
    expect(run.stdout).toContain(`a connection to ${path} is open`)
    expect(run.stdout).toContain('(unix.test.ts, at unix.test.ts:21:20)')
  })
})
