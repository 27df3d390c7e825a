import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { repositoryRoot, targetNames } from '../support/targets.ts'
import { sharedRun } from './shared-run.ts'

const head = `
  import { setup } from 'forkpoint'
  import { describe, expect, test } from 'vitest'
  let list: string[]
  const build = (name: string) => setup(() => {
    const end = performance.now() + 3
    while (performance.now() < end);
    list = [name]
  })
`

const files = {
  'flat.test.ts': `${head}
    build('flat')
    test.each([1, 2, 3, 4])('test %i', () => {
      expect(list).toEqual(['flat'])
      list.push('changed')
    })
  `,
  'nested.test.ts': `${head}
    describe('outer', () => {
      build('outer')
      test.each([1, 2])('test %i', () => expect(list).toEqual(['outer']))
      describe('inner', () => {
        build('inner')
        test.each([1, 2])('test %i', () => expect(list).toEqual(['inner']))
      })
    })
  `,
  'without-setup.test.ts': `
    import { test } from 'vitest'
    test('prints', () => console.log('printed by a test'))
  `,
}

const { version } = JSON.parse(readFileSync(join(repositoryRoot, 'package.json'), 'utf8')) as {
  version: string
}

const some = (least: number): unknown =>
  expect.toSatisfy((value: unknown) => typeof value === 'number' && value >= least, `at least ${least}`)

const nothing = {
  takeMs: 0,
  restores: 0,
  restoreMs: { p50: 0, p95: 0, max: 0 },
  residentMb: 0,
  worker: some(1),
}
const rolledBack = {
  takeMs: some(0.001),
  restoreMs: { p50: some(0.1), p95: some(0.1), max: some(0.1) },
  residentMb: some(10),
  worker: some(1),
}
/** What a suite's timeline must hold: so many of each. */
function timeline(counts: Readonly<Record<string, number>>): unknown {
  const expected = Object.entries(counts).map(([what, count]) => `${what} × ${count}`)
  return expect.toSatisfy(
    (given: Report['checkpoints'][number]['timeline']) =>
      expected.join() ===
      Object.entries(counts)
        .map(([what]) => `${what} × ${given.filter(([kind]) => kind === what).length}`)
        .join(),
    expected.join(', '),
  )
}

const flat = { file: '<dir>/flat.test.ts', suite: '', tests: 4 }
const outer = { file: '<dir>/nested.test.ts', suite: 'outer', tests: some(2) }
const inner = { file: '<dir>/nested.test.ts', suite: 'outer > inner', tests: 2 }

interface Report {
  files: Array<{ file: string; engine: number; hoisted: number; undone: number }>
  checkpoints: Array<{
    file: string
    suite: string
    timeline: Array<[what: string, at: number, ms: number]>
    restoreMs: Record<'p50' | 'p95' | 'max', number>
    [key: string]: unknown
  }>
  [key: string]: unknown
}

/** Whether rolling back paid depends on the machine. */
function summary(checkpoints: number, restores: number): unknown[] {
  return [
    '  Forkpoint  fork engine: it was asked for by name',
    `Checkpoints  ${checkpoints} taken in <time>, <size> resident, at most <size>`,
    `   Restores  ${restores}, median <time>, p95 <time>`,
    expect.stringMatching(
      /^ {6}Saved {2}(nothing, forkpoint did not pay|(up to )?<time>) \(<time> of setup not run, <time> spent on rolling back, summed over 2 files\)$/,
    ),
  ]
}

/** Files run side by side. */
function sorted({ checkpoints }: Report): Report['checkpoints'] {
  return checkpoints.toSorted((a, b) => (`${a.file}${a.suite}` < `${b.file}${b.suite}` ? -1 : 1))
}

describe.each(targetNames)('%s', target => {
  const run = sharedRun({
    target,
    files,
    plugin: { engine: 'fork', warmup: 1, report: 'out/report.json' },
    args: ['--reporter=default'],
  })
  const forPrograms = sharedRun({
    target,
    files,
    plugin: { engine: 'fork', warmup: 0 },
    args: ['--reporter=json'],
  })
  const off = sharedRun({ target, files, plugin: { engine: 'off', report: 'report.json' } })
  const readReport = (text: string | undefined): Report => JSON.parse(text ?? '') as Report

  test.concurrent('the report file has what the run did, suite by suite', async () => {
    const whole = readReport((await run()).files['out/report.json'])
    const { checkpoints: _, ...report } = whole
    expect(report).toEqual({
      schema: 1,
      forkpoint: version,
      runner: expect.stringMatching(target === 'vitest-4' ? /^vitest@4\.\d+\.\d+$/ : /^vitest@5\.\d+\.\d+$/),
      node: expect.stringMatching(/^\d+\.\d+\.\d+$/),
      startedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      wallMs: some(1),
      engine: { chosen: 'fork', why: 'it was asked for by name', refused: [], others: [] },
      files: expect.toSatisfy((given: Report['files']) =>
        given.every(({ engine, hoisted, undone }) => engine === 0 && hoisted === 0 && undone === 0),
      ),
      saved: { setupMs: some(6), spentMs: some(0.1) },
      hoisted: 0,
      notHoisted: [],
      findings: [],
    })
    const decision = 'rolled-back'
    expect(sorted(whole)).toEqual([
      {
        ...flat,
        ...rolledBack,
        decision,
        why: 'warmup: 1',
        warmups: 1,
        setupRuns: 2,
        setupMs: some(3),
        restores: 3,
        timeline: timeline({ setup: 2, plain: 1, take: 1, restore: 3, test: 3 }),
      },
      {
        ...outer,
        ...rolledBack,
        decision,
        why: 'warmup: 1',
        warmups: 1,
        setupRuns: 2,
        setupMs: some(3),
        restores: 1,
        timeline: timeline({ setup: 2, plain: 1, take: 1, restore: 1, test: 1 }),
      },
      {
        ...inner,
        ...rolledBack,
        decision,
        why: 'the suite around it is rolled back',
        warmups: 0,
        setupRuns: 1,
        setupMs: some(3),
        restores: 2,
        timeline: timeline({ setup: 1, plain: 0, take: 1, restore: 2, test: 2 }),
      },
    ])
  })

  test.concurrent('the figures of restores are in order', async () => {
    const { checkpoints } = readReport((await run()).files['out/report.json'])
    for (const { restoreMs } of checkpoints) {
      const { p50, p95, max } = restoreMs
      expect([p50, p95, max]).toEqual([p50, p95, max].toSorted((a, b) => a - b))
    }
  })

  test.concurrent('with the engine off, it says so of every suite', async () => {
    const report = readReport((await off()).files['report.json'])
    const { engine, saved } = report
    expect([engine, saved]).toEqual([
      { chosen: 'off', why: 'forkpoint was turned off', refused: [], others: [] },
      { setupMs: 0, spentMs: 0 },
    ])
    const plain = { decision: 'plain', why: '', warmups: 0, ...nothing }
    expect(sorted(report)).toEqual([
      { ...flat, ...plain, setupRuns: 4, setupMs: some(3), timeline: timeline({ setup: 4, plain: 4 }) },
      { ...outer, ...plain, setupRuns: 2, setupMs: some(3), timeline: timeline({ setup: 2, plain: 2 }) },
      // Both setups run for a test of the inner suite.
      { ...inner, ...plain, setupRuns: 2, setupMs: some(6), timeline: timeline({ setup: 2, plain: 2 }) },
    ])
  })

  test.concurrent("the summary stands below the runner's own lines", async () => {
    const { stdout } = await run()
    expect(stdout.trimEnd().split('\n').slice(-5)).toEqual(['', ...summary(3, 6)])
    expect(stdout.indexOf('   Duration')).toBeLessThan(stdout.indexOf('  Forkpoint'))
  })

  test.concurrent('a report that can not be written fails the run', async () => {
    const path = 'without-setup.test.ts/report.json'
    const { exitCode, stderr } = await sharedRun({ target, files, plugin: { engine: 'off', report: path } })()
    expect([exitCode, /^ForkpointError: (.*)$/m.exec(stderr)?.[1]]).toEqual([
      1,
      `[forkpoint] Failed to write the report to ${path}: EEXIST: file already exists, mkdir 'without-setup.test.ts'. ` +
        'Give the option `report` a path that can be written (ERR_FORKPOINT_OPTION)',
    ])
  })

  test.concurrent('output for programs stays what it is, and the summary goes to stderr', async () => {
    const { stdout, stderr, files: written } = await forPrograms()
    const json = target === 'vitest-4' ? stdout : written['.vitest/json/output.json']
    expect(JSON.parse(json ?? '')).toMatchObject({ numTotalTests: 9, numPassedTests: 9, success: true })
    expect(stderr.trimEnd().split('\n')).toEqual(summary(3, 8))
  })
})
