import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Finding } from '../../src/finding.ts'
import { jestOutcomes, runJest, type VariantRun } from '../support/run-jest.ts'

const target = 'Jest 30, Node 20'
const strict = { engine: 'fork', warmup: 0 }

const files = {
  'calls.test.js': `
    const { execFileSync, execSync } = require('node:child_process')
    const { writeFileSync, rmSync, existsSync } = require('node:fs')
    const { hostCall, onRollback, rollbackSafe, setup } = require('forkpoint')
    setup(() => {})
    test('runs a command', () => { execSync('true') })
    test('swallows all errors', () => {
      try {
        execFileSync('true')
      } catch {}
    })
    test('sends a signal', () => { process.kill(process.ppid, 'SIGCONT') })
    test('fetches', async () => { await (await fetch('http://127.0.0.1:' + process.env.PORT)).text() })
    test('declares a call safe', () => { rollbackSafe(() => execSync('true'), { why: 'does nothing' }) })
    const make = hostCall(name => writeFileSync(__dirname + '/' + name, name), {
      call: 'make',
      nature: 'compensable',
      undo: (_, [name]) => rmSync(__dirname + '/' + name),
      why: 'removed again',
    })
    test('undoes by a function of its own', () => {
      make('declared.txt')
      onRollback(() => expect(existsSync(__dirname + '/declared.txt')).toBe(true))
    })
    test('and it has run', () => { expect(existsSync(__dirname + '/declared.txt')).toBe(false) })
    test('leaves a file', () => { writeFileSync(__dirname + '/left.txt', 'x') })
  `,
  'disk.test.js': `
    const { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } = require('node:fs')
    const { join } = require('node:path')
    const { setup } = require('forkpoint')
    const at = name => join(__dirname, name)
    let folder
    setup(() => {
      folder = mkdtempSync(at('made-'))
      writeFileSync(join(folder, 'a.txt'), 'original')
      return () => rmSync(folder, { recursive: true })
    })
    test.each([1, 2, 3])('test %i has the files of the setup, and of no other test', () => {
      expect(readFileSync(join(folder, 'a.txt'), 'utf8')).toBe('original')
      expect([existsSync(at('own.txt')), existsSync(join(folder, 'b.txt'))]).toEqual([false, false])
      for (const path of [at('own.txt'), join(folder, 'a.txt'), join(folder, 'b.txt')]) writeFileSync(path, 'changed')
      expect(readFileSync(at('kept.txt'), 'utf8')).toBe('from the disk')
      writeFileSync(at('kept.txt'), 'changed')
    })
    test('a module that is first loaded by a test, and snapshots', () => {
      expect(require('./late.js')).toMatchSnapshot()
      expect(require('./late.js')).toMatchInlineSnapshot()
    })
  `,
  'late.js': `module.exports = 'loaded late'`,
  'kept.txt': 'from the disk',
  'verified.test.js': `
    const { appendFileSync, existsSync, readFileSync } = require('node:fs')
    const { setup } = require('forkpoint')
    const path = __dirname + '/counted.txt'
    const times = line => {
      appendFileSync(path, line + '\\n')
      return readFileSync(path, 'utf8').split('\\n').filter(each => each === line).length
    }
    const seen = []
    setup(() => { seen.push('setup') })
    test('prints once', () => {
      times('prints')
      expect(seen).toEqual(['setup'])
      seen.push('test')
      console.log('printed')
      process.stdout.write('raw: written\\n')
    })
    test('has its snapshots once', () => { times('snapshots'); expect({ seen }).toMatchSnapshot() })
    test('fails once', () => { times('fails'); expect(seen).toEqual([]) })
    test.failing('is to fail', () => { times('failing'); expect(1).toBe(2) })
    describe('inner', () => { test('passes only once', () => { expect(times('once')).toBe(1) }) })
    test('has another snapshot', () => { expect('time ' + times('snapshot')).toMatchSnapshot() })
    test('is one more than is verified', () => { times('sixth') })
  `,
  'together.test.js': `
    const { execFileSync } = require('node:child_process')
    const { existsSync, writeFileSync } = require('node:fs')
    const { setup } = require('forkpoint')
    let list
    setup(() => { list = ['built'] })
    // Each lets the next one pass: one after the other, the first would wait for ever.
    test.each([0, 1, 2])('waits for another: %i', async place => {
      writeFileSync(__dirname + '/here-' + place, '')
      process.stdout.write('raw: begins ' + place + '\\n')
      while (!existsSync(__dirname + '/here-' + ((place + 1) % 3))) await new Promise(resolve => setTimeout(resolve, 10))
      console.log('says', place)
      execFileSync('sh', ['-c', 'echo raw: ends ' + place], { stdio: 'inherit' })
      list.push('test ' + place)
      expect(list).toMatchSnapshot()
      expect(['built', 'test ' + place]).toEqual(list)
    }, 60_000)
    test('a crash', () => { process.kill(process.pid, 'SIGSEGV') })
    test('after it', () => { expect(list).toEqual(['built']); expect(list).toMatchInlineSnapshot() })
    test('and another', () => { expect(list).toMatchInlineSnapshot(); expect(list.push('x')).toBe(2) })
  `,
}

const rules = [
  {
    call: 'child_process.*',
    when: ({ resource }: { resource: string }): boolean => resource === 'true',
    nature: 'safe',
    why: 'does nothing',
  },
  { call: '{fetch,net.**}', from: 'calls.test.js', nature: 'safe', why: 'a mirror' },
  { call: 'process.kill', nature: 'safe', why: 'goes on anyhow' },
  { call: 'fs.cp*', nature: 'safe', why: 'long gone' },
]

const matching = (name: string): Readonly<Record<string, unknown>> => ({ testMatch: [`**/${name}.test.js`] })

const peer = createServer((_, response) => response.end('answer'))
beforeAll(() => new Promise<void>(resolve => peer.listen(0, '127.0.0.1', resolve)))
afterAll(() => peer.close())

/** One run for all. */
function start() {
  return runJest({
    target,
    files,
    variants: {
      strict: { ...strict, guard: 'strict' },
      rules: { ...strict, guard: 'strict', rules },
      journal: { ...strict, fs: 'journal' },
      memory: { ...strict, fs: 'memory' },
      'memory, the plain way': { engine: 'off', fs: 'memory' },
      verified: { ...strict, verify: 5 },
      together: { ...strict, parallel: 3 },
    },
    configOf: {
      strict: matching('calls'),
      rules: matching('calls'),
      journal: matching('disk'),
      memory: matching('disk'),
      'memory, the plain way': matching('disk'),
      verified: matching('verified'),
      together: matching('together'),
    },
    env: { PORT: String((peer.address() as AddressInfo).port) },
  })
}
let running: ReturnType<typeof start> | null = null
const run = (): ReturnType<typeof start> => {
  running ??= start()
  return running
}

const failuresOf = (variant: VariantRun): Array<[string, string]> =>
  Object.entries(jestOutcomes(variant)).filter(([, outcome]) => outcome !== 'passed')

/** Of the report: what was found in the files of this name. */
const findingsOf = ({ report }: { report: unknown }, file: string): Finding[] =>
  (report as { findings: Finding[] }).findings.filter(finding => finding.file?.endsWith(file))

test("guard: 'strict': a test that makes a call which can't be rolled back fails", async () => {
  const { strict: ran } = (await run()).variants
  const made = "failed: ForkpointError: [forkpoint] The test made a host call that can't be rolled back:"
  expect(failuresOf(ran)).toEqual(
    ['runs a command', 'swallows all errors', 'sends a signal', 'fetches'].map(name => [
      `calls.test.js > ${name}`,
      made,
    ]),
  )
  const [, swallows] = ran.tested['calls.test.js']?.tests ?? []
  expect(swallows?.failureMessages[0]?.text).toBe(
    "ForkpointError: [forkpoint] The test made a host call that can't be rolled back:\n" +
      '  child_process.execFileSync (true) at <dir>/calls.test.js:9:9\n' +
      "Mark what is safe with `rollbackSafe(fn, { why })` or a rule, or set `guard: 'warn'`. (ERR_FORKPOINT_HOST_CALL)",
  )
})

test('rules, with functions in them: the first that fits a call says what it is', async () => {
  expect(failuresOf((await run()).variants.rules)).toEqual([])
})

test.each(['journal', 'memory', 'memory, the plain way'] as const)(
  'fs: %s: what tests write is undone, but for snapshots',
  async name => {
    const { variants, stderr } = await run()
    const { files: after } = variants[name]
    expect(Object.values(jestOutcomes(variants[name])), stderr).toEqual(Array(4).fill('passed'))
    expect(Object.keys(after).filter(path => !(path in files))).toEqual(['__snapshots__/disk.test.js.snap'])
    expect(after['kept.txt']).toBe('from the disk')
    expect(after['disk.test.js']).toContain('toMatchInlineSnapshot(`"loaded late"`)')
  },
)

test('verify: the first tests of a suite run twice, but for failing ones, and look as if they had run once', async () => {
  const { variants, rawLines, stderr } = await run()
  const lines = (variants.verified.files['counted.txt'] ?? '').trim().split('\n')
  const counts: Record<string, number> = {}
  for (const line of lines) counts[line] = (counts[line] ?? 0) + 1
  expect(counts).toEqual({
    prints: 2,
    snapshots: 2,
    fails: 2,
    failing: 1,
    once: 2,
    snapshot: 2,
    sixth: 1,
  })
  expect(Object.values(jestOutcomes(variants.verified))).toEqual([
    'passed',
    'passed',
    'failed: Error: expect(received).toEqual(expected) // deep equality',
    ...Array(4).fill('passed'),
  ])
  expect(rawLines.filter(line => line === 'raw: written')).toHaveLength(1)
  expect(stderr.match(/^ +printed$/gm)).toHaveLength(1)
  expect(variants.verified.files['__snapshots__/verified.test.js.snap']?.match(/exports\[/g)).toHaveLength(2)
})

test('verify: what differs is reported with both outcomes', async () => {
  const found = (one: string, other: string): string =>
    `unstable: Run twice from one checkpoint, the test had two outcomes: first it ${one}, then it ${other}. It depends on what a ` +
    'rollback does not bring back: time, chance, files, another process, or state that the engine does not see.'
  const all = findingsOf(await run(), 'verified.test.js').filter(({ kind }) => kind !== 'host-call')
  expect(
    all.map(({ kind, suite, test: name, detail }) => [`${suite} > ${name}`, `${kind}: ${detail}`]),
  ).toEqual([
    [
      'inner > passes only once',
      found(
        'passed',
        'failed with "expect(received).toBe(expected) // Object.is equality\\n\\nExpected: 1\\nReceived: 2"',
      ),
    ],
    [
      ' > has another snapshot',
      found(
        'gave the snapshot "has another snapshot 1: \\"time 1\\""',
        'gave the snapshot "has another snapshot 1: \\"time 2\\""',
      ),
    ],
  ])
})

test('parallel: tests of a suite run at the same time, and are told of in their order', async () => {
  const { variants, stdout, stderr } = await run()
  const { together } = variants
  const passed = [0, 1, 2].map(place => [`together.test.js > waits for another: ${place}`, 'passed'])
  expect(Object.entries(jestOutcomes(together))).toEqual([
    ...passed,
    [
      'together.test.js > a crash',
      'failed: ForkpointError: [forkpoint] The test did not end: its process was killed by SIGSEGV (a crash in native code). ' +
        '(ERR_FORKPOINT_CHILD)',
    ],
    ['together.test.js > after it', 'passed'],
    ['together.test.js > and another', 'passed'],
  ])
  const raw = stdout.split('\n').filter(line => /^raw: (?:begins|ends)/.test(line))
  expect(raw).toEqual([0, 1, 2].flatMap(place => [`raw: begins ${place}`, `raw: ends ${place}`]))
  expect(stderr.match(/says \d/g)).toEqual(['says 0', 'says 1', 'says 2'])
  expect(together.files['__snapshots__/together.test.js.snap']?.match(/exports\[/g)).toHaveLength(3)
  expect(together.files['together.test.js']?.match(/toMatchInlineSnapshot\(`/g)).toHaveLength(2)
})

test('no process is left', async () => {
  expect((await run()).leftover).toEqual([])
})

test('a rule that fits no call of the run is reported', async () => {
  const run = await runJest({
    target,
    files,
    variants: { one: { ...strict, rules } },
    config: matching('disk'),
  })
  const unused = (run.report as { findings: Finding[] }).findings.filter(({ kind }) => kind === 'rule-unused')
  expect(unused.map(({ call, detail }) => `${call}: ${detail}`).at(-1)).toBe(
    'fs.cp*: The rule `rules[3]` (fs.cp*: long gone) fitted no call of this run. Remove it, or correct it.',
  )
})
