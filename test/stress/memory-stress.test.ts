import { describe, expect, test } from 'vitest'
import { runSuite } from '../support/run-suite.ts'
import { type TargetName, targetNames } from '../support/targets.ts'

// The long form is 1000 suites: FORKPOINT_SUITES=1000 npx vitest run --config test/vitest.config.ts test/stress/memory-stress.test.ts
const suites = Number(process.env.FORKPOINT_SUITES ?? 24)

const timeout = 60_000 + suites * 2_000

/** Suites after which V8 and the C library have taken what they keep for reuse. */
const EARLY = 8
/** What may be held at the end: a plain run holds some 20 MB. */
const HELD_MB = 50
/** What may be kept for reuse: a plain run on Node 24 keeps 660 MB. It is far less than a long run's checkpoints. */
const RESERVE_MB = 800

/** With the heap engine a checkpoint takes time with the objects that it records; what is kept of it shows with less, too. */
const STATE_MB = { fork: 50, heap: 5 }

/** Two kinds of state of some size: outside V8's heap, and in it. */
const build = (mb: number): string => `
  import { appendFileSync } from 'node:fs'
  export const build = number => number % 2 === 0
    ? Array.from({ length: ${mb} }, () => Buffer.alloc(2 ** 20, 1))
    : Array.from({ length: ${mb * 8_000} }, (_, id) => ({ id, name: 'user ' + id, tags: [id] }))
  let files = 0
  export const count = () => files++
  export const sample = () => {
    // What a first collection has found to be free outside the heap, a second one frees.
    gc()
    gc()
    const { rss, heapUsed, external } = process.memoryUsage()
    appendFileSync('memory', JSON.stringify([rss, heapUsed + external].map(bytes => bytes / 2 ** 20)) + '\\n')
  }
`

const suite = `
  setup(() => {
    state = build(number)
    return () => { state = null }
  })
  for (let i = 0; i <= number % 2; i++) test('test ' + i, () => { expect(state.pop()).toBeDefined() })
`
const head = `
  import { setup } from 'forkpoint'
  import { beforeAll, describe, expect, test } from 'vitest'
  import { build, count, sample } from './build.mjs'
  let state
`

const manySuites = `${head}
  for (let number = 0; number < ${suites}; number++) {
    if (number === ${EARLY}) describe('early', () => { beforeAll(sample); test('sampled', () => {}) })
    describe('suite ' + number, () => {${suite}})
  }
  describe('late', () => { beforeAll(sample); test('sampled', () => {}) })
`

/** Without a teardown: what a file holds goes when the file does. */
const manyFiles = Object.fromEntries(
  Array.from({ length: suites }, (_, number) => [
    `${number}.test.js`,
    `${head}
      const number = count()
      if (number === ${EARLY} || number === ${suites - 1}) sample()
      ${suite.replace('return () => { state = null }', '')}`,
  ]),
)

interface Memory {
  /** Checkpoints from which a test has run. */
  used: number
  /** By how much the worker's resident memory has grown between the first suites and the last. */
  grownMb: number
  /** What JavaScript holds at the end, in V8's heap and outside it. */
  heldMb: number
}

async function memoryAfter(
  target: TargetName,
  files: Record<string, string>,
  engine: keyof typeof STATE_MB,
  warmup: 'auto' | 0,
): Promise<Memory> {
  const run = await runSuite({
    target,
    files: { ...files, 'build.mjs': build(STATE_MB[engine]) },
    plugin: { engine, warmup, report: 'report.json' },
    config: { isolate: false, maxWorkers: 1, execArgv: ['--expose-gc'] },
    limitMs: timeout,
  })
  expect({ exitCode: run.exitCode, leftover: run.leftover }).toEqual({ exitCode: 0, leftover: [] })
  const [early, late] = (run.files.memory ?? '')
    .trim()
    .split('\n')
    .map(line => JSON.parse(line) as [number, number])
  if (early === undefined || late === undefined) throw new Error('the memory was not sampled')
  const { checkpoints } = JSON.parse(run.files['report.json'] ?? '') as {
    checkpoints: Array<{ restores: number }>
  }
  const used = checkpoints.filter(({ restores }) => restores > 0).length
  const memory = { used, grownMb: late[0] - early[0], heldMb: late[1] }
  if (process.env.FORKPOINT_SUITES) console.log(target, engine, used, early, late)
  return memory
}

describe.each(targetNames)('%s', target => {
  test.each([
    { engine: 'fork', where: 'suites in one file', warmup: 'auto', files: { 'suites.test.js': manySuites } },
    { engine: 'fork', where: 'files in one worker', warmup: 0, files: manyFiles },
    { engine: 'heap', where: 'suites in one file', warmup: 0, files: { 'suites.test.js': manySuites } },
    { engine: 'heap', where: 'files in one worker', warmup: 0, files: manyFiles },
  ] as const)(
    `nothing is kept of the checkpoints of ${suites} suites: $engine engine, $where`,
    { timeout },
    async ({ engine, warmup, files }) => {
      const { used, grownMb, heldMb } = await memoryAfter(target, files, engine, warmup)
      expect(used).toBeGreaterThanOrEqual(warmup === 0 ? suites : 0)
      expect(heldMb).toBeLessThan(HELD_MB)
      expect(grownMb).toBeLessThan(RESERVE_MB)
    },
  )
})
