import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Finding } from '../../src/finding.ts'
import { type CapturedJestTest, jestOutcomes, runJest, type VariantRun } from '../support/run-jest.ts'
import { files } from './options-suite.ts'

const target = 'Jest 30, Node 20'
const strict = { engine: 'fork', warmup: 0 }

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
      verified: { ...strict, verify: 6 },
      'verified in place': { engine: 'heap', warmup: 0, verify: 6 },
      together: { ...strict, parallel: 3 },
    },
    configOf: {
      strict: matching('calls'),
      rules: matching('calls'),
      journal: matching('disk'),
      memory: matching('disk'),
      'memory, the plain way': matching('disk'),
      verified: matching('verified'),
      'verified in place': matching('verified'),
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

const verified = ['verified', 'verified in place'] as const

test.each(verified)(
  '%s: the first tests of a suite run twice, but for failing ones, and look as if once',
  async name => {
    const { variants, stderr } = await run()
    const lines = (variants[name].files['counted.txt'] ?? '').trim().split('\n')
    const counts: Record<string, number> = {}
    for (const line of lines) counts[line] = (counts[line] ?? 0) + 1
    const once = { failing: 1, seventh: 1 }
    expect(counts).toEqual({
      prints: 2,
      snapshots: 2,
      fails: 2,
      late: 2,
      undone: 2,
      once: 2,
      snapshot: 2,
      ...once,
    })
    const { tests = [] } = variants[name].tested['verified.test.js'] ?? {}
    const messagesOf = ({ failureMessages }: CapturedJestTest): string[] =>
      failureMessages.map(({ text }) => text.split('\n')[0] ?? '')
    expect(tests.map(messagesOf), stderr).toEqual([
      [],
      [],
      ['Error: expect(received).toEqual(expected) // deep equality'],
      ['Error: late', expect.stringContaining('expect.assertions(1)')],
      [],
      [],
      [],
      [],
    ])
    expect(tests.map(({ invocations }) => invocations)).toEqual(tests.map(() => 1))
    expect(variants[name].files['__snapshots__/verified.test.js.snap']?.match(/exports\[/g)).toHaveLength(2)
  },
)

test('verify: what the second run prints is not printed', async () => {
  const { rawLines, stderr } = await run()
  expect(rawLines.filter(line => line === 'raw: written')).toHaveLength(verified.length)
  expect(stderr.match(/^ +printed$/gm)).toHaveLength(verified.length)
})

test('verify: what differs is reported with both outcomes', async () => {
  const found = (one: string, other: string): string =>
    `unstable: Run twice from one checkpoint, the test had two outcomes: first it ${one}, then it ${other}. It depends on what a ` +
    'rollback does not bring back: time, chance, files, another process, or state that the engine does not see.'
  const all = findingsOf(await run(), 'verified.test.js').filter(({ kind }) => kind !== 'host-call')
  const byTest = all.map(({ suite, test: name, detail, kind }) => [
    `${suite} > ${name}`,
    `${kind}: ${detail}`,
  ])
  const expected = [
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
  ]
  // Of one file after the other.
  expect(byTest).toEqual(verified.flatMap(() => expected))
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
