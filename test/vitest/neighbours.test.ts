import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Finding } from '../../src/finding.ts'
import { runSuite } from '../support/run-suite.ts'
import { outcomesOf } from './outcomes.ts'

const head = `
  import { afterEach, beforeAll, expect, test, vi } from 'vitest'
  import { setup } from 'forkpoint'
  import http from 'node:http'
  const port = Number(process.env.PORT)
  const get = (url: string) => new Promise<string>((resolve, reject) => {
    http.get(url, { agent: false }, response => {
      let text = ''
      response.on('data', chunk => (text += chunk)).on('end', () => resolve(text))
    }).on('error', reject)
  })
`

/** Libraries that replace what the guard replaces too. */
const files = {
  'msw.test.ts': `${head}
    import { http as on, HttpResponse, passthrough } from 'msw'
    import { setupServer } from 'msw/node'
    const server = setupServer(
      on.get('http://example.test/a', () => HttpResponse.text('mocked')),
      on.get('http://127.0.0.1:*/', () => passthrough()),
    )
    beforeAll(() => server.listen({ onUnhandledRequest: 'error' }))
    let list: number[]
    setup(() => void (list = []))
    test('answers in the place of others', async () => {
      list.push(1)
      expect(await (await fetch('http://example.test/a')).text()).toBe('mocked')
      expect(await get('http://example.test/a')).toBe('mocked')
    })
    afterEach(() => server.resetHandlers())
    test('answers otherwise in one test', async () => {
      expect(list).toEqual([])
      server.use(on.get('http://example.test/a', () => HttpResponse.text('other')))
      expect(await (await fetch('http://example.test/a')).text()).toBe('other')
    })
    test('answers as before in the next', async () => {
      expect(await get('http://example.test/a')).toBe('mocked')
    })
    test('lets requests pass', async () => {
      expect(await get('http://127.0.0.1:' + port + '/')).toBe('real')
    })
  `,
  'nock.test.ts': `${head}
    import nock from 'nock'
    let list: number[]
    setup(() => void (list = []))
    test('answers in the place of others', async () => {
      list.push(1)
      nock('http://example.test').get('/a').reply(200, 'mocked')
      expect(await get('http://example.test/a')).toBe('mocked')
      nock('http://example.test').get('/b').reply(200, 'left')
    })
    test('has nothing of another test', () => {
      expect(list).toEqual([])
      expect(nock.pendingMocks()).toEqual([])
    })
    test('lets requests pass', async () => {
      expect(await get('http://127.0.0.1:' + port + '/')).toBe('real')
    })
  `,
  'sinon.test.ts': `${head}
    import sinon from 'sinon'
    import fs from 'node:fs'
    setup(() => {
      fs.writeFileSync('sinon.txt', 'original')
      return () => fs.rmSync('sinon.txt')
    })
    const { now } = Date
    test('fakes all timers, and leaves them', async () => {
      // Not nextTick: Node's channel to the main process needs it.
      const clock = sinon.useFakeTimers({ toFake: ['setTimeout', 'setInterval', 'setImmediate', 'Date', 'performance'] })
      const seen: number[] = []
      setTimeout(() => seen.push(Date.now()), 5000)
      setInterval(() => seen.push(0), 4000)
      clock.tick(5000)
      expect(seen).toEqual([0, 5000])
      fs.writeFileSync('sinon.txt', 'changed')
      await Promise.resolve()
    })
    test('the clock is real', async () => {
      expect(Date.now).toBe(now)
      await new Promise(resolve => setTimeout(resolve, 1))
      expect(fs.readFileSync('sinon.txt', 'utf8')).toBe('original')
    })
    test('stubs what is watched', () => {
      sinon.stub(fs, 'writeFileSync').callsFake(() => {})
      fs.writeFileSync('sinon.txt', 'changed')
    })
    test('the stub is gone', () => {
      fs.writeFileSync('sinon.txt', 'changed')
      expect(fs.readFileSync('sinon.txt', 'utf8')).toBe('changed')
    })
  `,
  'fake-timers.test.ts': `${head}
    import fs from 'node:fs'
    // All but nextTick, which Vitest does not fake in child processes.
    const toFake = ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'setImmediate', 'clearImmediate',
      'Date', 'performance', 'queueMicrotask', 'hrtime'] as const
    setup(() => {
      fs.writeFileSync('timers.txt', 'original')
      return () => fs.rmSync('timers.txt')
    })
    test('fakes all timers, and leaves them', () => {
      vi.useFakeTimers({ toFake: [...toFake], now: 0 })
      setInterval(() => {}, 1000)
      vi.advanceTimersByTime(5000)
      expect(Date.now()).toBe(5000)
      fs.writeFileSync('timers.txt', 'changed')
    })
    test('the clock is real', async () => {
      expect(vi.isFakeTimers()).toBe(false)
      await new Promise(resolve => setTimeout(resolve, 1))
      expect(fs.readFileSync('timers.txt', 'utf8')).toBe('original')
    })
    test('leaves a timer that is real', () => {
      setInterval(() => {}, 1000)
      vi.useFakeTimers({ toFake: [...toFake] })
    })
  `,
  'mocked-fs.test.ts': `${head}
    import fs, { writeFileSync } from 'node:fs'
    vi.mock('node:fs', async () => {
      const { fs } = await import('memfs')
      return { ...fs, default: fs }
    })
    setup(() => {
      fs.mkdirSync('/app', { recursive: true })
      fs.writeFileSync('/app/a.txt', 'original')
    })
    test('writes to memory', () => {
      writeFileSync('/app/a.txt', 'changed')
      fs.rmSync('/app', { recursive: true })
    })
    test('has what the setup wrote', () => {
      expect(fs.readFileSync('/app/a.txt', 'utf8')).toBe('original')
      expect(process.getBuiltinModule('node:fs').existsSync('/app/a.txt')).toBe(false)
    })
  `,
  'spied-fs.test.ts': `${head}
    import fs from 'node:fs'
    let list: number[]
    setup(() => void (list = []))
    test('calls through', () => {
      list.push(1)
      vi.spyOn(fs, 'writeFileSync')
      fs.writeFileSync('left.txt', 'x')
      expect(fs.writeFileSync).toHaveBeenCalledTimes(1)
    })
    test('is as it was', () => {
      expect(list).toEqual([])
      expect(vi.isMockFunction(fs.writeFileSync)).toBe(false)
    })
  `,
}

const peer = createServer((_, response) => response.end('real'))
beforeAll(() => new Promise<void>(resolve => void peer.listen(0, '127.0.0.1', resolve)))
afterAll(() => void peer.close())

test.each(['fork', 'heap'])(
  '%s engine: works beside msw, nock, sinon, fake timers and a mocked node:fs',
  async engine => {
    const { port } = peer.address() as AddressInfo
    const ended = await runSuite({
      target: 'vitest-5',
      files,
      plugin: { engine, warmup: 0, report: 'report.json' },
      env: { PORT: String(port) },
    })
    expect(Object.entries(outcomesOf(ended)).filter(([, outcome]) => outcome !== 'passed')).toEqual([])
    const { findings } = JSON.parse(ended.files['report.json'] ?? '{}') as { findings: Finding[] }
    const fallbacks = findings.filter(({ kind }) => kind === 'fallback')
    // A message port of msw's can't be put back in place.
    expect(fallbacks.map(({ file = '' }) => file.replace(/.*\//, ''))).toEqual(
      engine === 'heap' ? ['msw.test.ts'] : [],
    )
    const seen = findings.filter(({ kind }) => kind !== 'fallback')
    const lines = seen.map(
      ({ kind, call, resource = '', test: name }) =>
        `${name}: ${kind} ${call} (${resource.replace(String(port), 'PORT')})`,
    )
    expect(lines.sort()).toEqual([
      'calls through: host-call fs.writeFileSync (<dir>/left.txt)',
      'leaves a timer that is real: leak setInterval ()',
      // Of nock, and of msw where that is rolled back.
      ...Array<string>(engine === 'heap' ? 1 : 2).fill(
        'lets requests pass: host-call net.Socket.prototype.connect (127.0.0.1:PORT)',
      ),
    ])
  },
)
