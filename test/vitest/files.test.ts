import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { compareRuns } from '../support/compare-runs.ts'
import { type Killed, killRun, type Victim } from '../support/kill-run.ts'
import { targetNames } from '../support/targets.ts'
import { outcomesOf } from './outcomes.ts'
import { sharedRun } from './shared-run.ts'

const head = `
  import { existsSync, writeFileSync } from 'node:fs'
  import { setTimeout as delay } from 'node:timers/promises'
  import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
`

/** Packages that Vitest leaves to Node, with state. */
const counter = {
  'node_modules/counted/package.json':
    '{ "name": "counted", "version": "1.0.0", "type": "module", "exports": "./index.js" }',
  'node_modules/counted/index.js': 'export const next = () => 1; export const made = { by: "itself" }',
  'node_modules/counter/package.json':
    '{ "name": "counter", "version": "1.0.0", "type": "module", "exports": "./index.js" }',
  'node_modules/counter/index.js':
    'let count = 0; export const next = () => ++count; export const made = { by: "itself" }',
}

/** Run in two files: whichever comes second sees what the first one left. */
const isolated = `${head}
  import { made, next } from 'counter'
  import { visit } from './src/source'
  test('nothing is left of another file', () => {
    expect([(globalThis as any).leaked, (Array.prototype as any).leaked, process.env.LEAKED]).toEqual([undefined, undefined, undefined])
    expect([next(), made.by, visit(), process.cwd()]).toEqual([1, 'itself', 1, import.meta.dirname])
    expect([vi.isFakeTimers(), vi.isMockFunction(JSON.parse)]).toEqual([false, false])
    ;(globalThis as any).leaked = (Array.prototype as any).leaked = made.by = process.env.LEAKED = 'leaked'
    process.chdir('/')
    vi.useFakeTimers()
    vi.spyOn(JSON, 'parse')
    setInterval(() => {}, 1)
  })
`

const files = {
  ...counter,
  'src/source.ts': 'let visits = 0; export const visit = () => ++visits',
  'one.test.ts': isolated,
  'two.test.ts': isolated,
  'outcomes.test.ts': `${head}
    let log: string[] = []
    beforeAll(() => { console.log('before all') })
    afterEach(() => { log = [] })
    test('passes', () => { console.error('said'); log.push('x'); expect(log).toEqual(['x']) })
    test('fails with a diff', () => { expect({ a: [1, 2] }).toEqual({ a: [1, 3] }) })
    test.skip('is skipped', () => {})
    test('is retried', { retry: 2 }, ({ task }) => { expect(task.result?.retryCount ?? 0).toBe(2) })
    test('times out', { timeout: 50 }, () => new Promise(() => {}))
    describe('snapshots', () => {
      test('in a file', () => { expect({ log }).toMatchSnapshot() })
      test('inline', () => { expect({ log }).toMatchInlineSnapshot() })
    })
  `,
  'mocks.test.ts': `${head}
    import { next } from 'counted'
    import { visit } from './src/source'
    vi.mock('counted', () => ({ next: () => 'mocked' }))
    vi.mock('./src/source', { spy: true })
    test('mocks of packages and of source', () => { expect([next(), visit(), vi.mocked(visit).mock.calls.length]).toEqual(['mocked', 1, 1]) })
    test('imports the original', async () => { expect((await vi.importActual<typeof import('counted')>('counted')).made.by).toBe('itself') })
  `,
  'rollback.test.ts': `${head}
    import { setup } from 'forkpoint'
    import { createServer } from 'node:http'
    const state: string[] = []
    let port = 0
    setup(async () => {
      state.push('set up')
      const server = createServer((_, response) => { response.end(state.join()) })
      await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
      port = (server.address() as { port: number }).port
      return () => { server.close() }
    })
    test.each([1, 2, 3])('test %i', async number => {
      expect(await (await fetch('http://127.0.0.1:' + port)).text()).toBe('set up')
      state.push('test ' + number)
    })
  `,
  'surroundings.test.ts': `${head}
    const { testPath: _, ...known } = expect.getState()
    const { moduleExecutionInfo } = globalThis.__vitest_worker__
    const seen = {
      known,
      globals: Reflect.ownKeys(globalThis).map(String).sort(),
      environment: Object.keys(process.env).filter(name => /VITEST|SSR|DEV|PROD/.test(name)).sort(),
      listeners: process.eventNames().map(name => [String(name), process.listenerCount(name)]).filter(([name]) => /Exception|Rejection/.test(String(name))).sort(),
      modules: [...moduleExecutionInfo.keys()].filter(path => !path.includes('/node_modules/')).map(path => path.split('/').at(-1)),
    }
    test('says what a file finds', () => {
      console.log(JSON.stringify(seen))
      expect(() => process.exit(1)).toThrow('process.exit unexpectedly called')
    })
  `,
  'random.test.ts': `${head}
    test('says its numbers', () => { process.stdout.write('raw: ' + Math.random() + '\\n') })
  `,
  'random-too.test.ts': `${head}
    test('says its numbers', () => { process.stdout.write('raw: ' + Math.random() + '\\n') })
  `,
}

const forked = {
  engine: 'fork',
  warmup: 0,
  files: 'fork',
  preload: ['counter'],
  timeout: 5000,
  report: 'report.json',
}

/** Bodies of a test that ends its process, and what is said of that. */
const deaths: Record<string, readonly [body: string, how: string]> = {
  crash: [
    "process.kill(process.pid, 'SIGSEGV')",
    'its process was killed by SIGSEGV (a crash in native code)',
  ],
  exit: [
    'process.reallyExit(4)',
    'its process exited with code 4 before it had ended (process.exit or process.reallyExit was called)',
  ],
  // The test's own 800 ms, and the 1,200 ms of forkpoint's option.
  loop: [
    'for (;;);',
    'its process stayed silent for 2000 ms and was killed (a busy loop, or a call that blocks the thread)',
  ],
}

const ending = {
  ...Object.fromEntries(
    Object.entries(deaths).map(([name, [body]]) => [
      `${name}.test.ts`,
      `${head} test('before', () => {}); test('ends it', { timeout: ${name === 'loop' ? 800 : 60_000} }, () => { ${body} }); test('after', () => {})`,
    ]),
  ),
  'after.test.ts': `${head} test('runs', () => {})`,
  'zz.test.ts': `${head} test('runs too', () => {})`,
}

/** Tests that never end and can't be asked to, in two files at once. */
const endless = Object.fromEntries(
  ['one', 'two'].map(name => [
    `${name}.test.ts`,
    `${head}
    test('never ends', { timeout: 0 }, () => {
      for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => {})
      writeFileSync('inside-${name}', '')
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
    })`,
  ]),
)

async function bothInside(folder: string): Promise<void> {
  while (!['inside-one', 'inside-two'].every(name => existsSync(join(folder, name)))) await delay(20)
}

describe.each(targetNames)('%s, test files forked from a warm process', target => {
  const config = { maxWorkers: 2 }
  const run = sharedRun({ target, files, plugin: forked, config })

  test.concurrent('have the outcomes, prints and files of files in processes of their own', async () => {
    const { report: _, ...own } = forked
    const plain = await sharedRun({
      target,
      files,
      plugin: { ...own, files: 'runner', preload: [] },
      config,
    })()
    const left = await run()
    const { 'report.json': __, ...written } = left.files
    const except = [/^rawLines/, /\.meta\.forkpoint/]
    expect(compareRuns(plain, { ...left, files: written }, { except })).toEqual([])
    expect(Object.values(outcomesOf(left)).filter(outcome => outcome === 'passed')).toHaveLength(13)
  })

  test.concurrent('have random numbers of their own', async () => {
    const { rawLines } = await run()
    expect([rawLines.length, new Set(rawLines).size]).toEqual([2, 2])
  })

  test.concurrent('are all forked from one process, and the summary and the report say so', async () => {
    const { files: written, stdout, leftover } = await run()
    const { starts } = JSON.parse(written['report.json'] ?? '{}')
    expect(starts).toMatchObject({ forked: 8, left: [], zygotes: [{ files: 8, preloaded: [{}] }] })
    expect(stdout).toMatch(
      /Files {2}8 forked from one warm process, 1 module imported once: up to .* of imports not spent/,
    )
    expect(leftover).toEqual([])
  })

  test.concurrent('fail when their process ends, and no other file does', async () => {
    const plugin = { files: 'fork', timeout: 1200 }
    const { captured, exitCode, leftover, stdout } = await sharedRun({
      target,
      files: ending,
      plugin,
      config,
    })()
    const messages = captured.unhandledErrors.map(error => JSON.stringify(error))
    for (const [name, [, how]] of Object.entries(deaths))
      expect(
        messages.filter(message => message.includes(`<dir>/${name}.test.ts did not end: ${how}.`)),
      ).toHaveLength(1)
    expect(messages).toHaveLength(Object.keys(deaths).length)
    const others = ['after.test.ts > runs', 'zz.test.ts > runs too'].map(name => captured.tasks[name]?.state)
    expect([others, exitCode, leftover]).toEqual([['passed', 'passed'], 1, []])
    expect(stdout).toContain('5 forked from one warm process')
  })

  test.concurrent.each<[Victim, NodeJS.Signals]>([
    ['main', 'SIGKILL'],
    ['group', 'SIGINT'],
  ])('die with the run: %s, %s', async (victim, signal) => {
    const options = { target, files: endless, plugin: { files: 'fork' }, config }
    const killed: Killed = await killRun(options, { victim, signal, moment: bothInside }, 30_000)
    expect({ ...killed, run: undefined }).toMatchObject({ victim, leftover: [] })
  })
})
