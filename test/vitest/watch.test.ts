import { describe, expect, test } from 'vitest'
import { withoutTimes } from '../support/normalise.ts'
import { type TargetName, targetNames } from '../support/targets.ts'
import { type WatchedRun, WatchedSuite, watchReporter } from '../support/watched-suite.ts'

const config = (options: object): string => `
  import forkpoint from 'forkpoint/vitest'
  export default {
    plugins: [forkpoint(${JSON.stringify({ engine: 'fork', warmup: 0, ...options })})],
    test: { reporters: ['default', ${JSON.stringify(watchReporter)}] },
  }
`

const suite = (setups: number): string => `
  import { setup } from 'forkpoint'
  import { describe, expect, test } from 'vitest'
  describe.each(${JSON.stringify(Array.from({ length: setups }, (_, index) => `suite ${index}`))})('%s', () => {
    let count
    setup(() => { count = 1 })
    test.each(['first', 'second'])('%s', () => { expect(count++).toBe(1) })
  })
`

/** Its second test waits for `what`. */
const waiting = (what: string): string => `
  import { setup } from 'forkpoint'
  import { describe, expect, test } from 'vitest'
  let count
  setup(() => { count = 1 })
  test('first', () => { expect(count++).toBe(1) })
  test('waits', { timeout: 0 }, async ({ signal }) => {
    ${what}
  })
  test('third', () => { expect(count++).toBe(1) })
  describe('nested', () => {
    test('fourth', () => { expect(count++).toBe(1) })
    describe('deeper', () => { test('fifth', () => { expect(count++).toBe(1) }) })
  })
`
/** The cancelling may come before the test's function is called. */
const heard = "if (!signal.aborted) await new Promise(resolve => signal.addEventListener('abort', resolve))"
const untilCancelled = waiting(heard)
const aSecond = waiting('await new Promise(resolve => setTimeout(resolve, 1000))')
/** Says so by a file, and hears of nothing from then on. */
const forEver = waiting(`${heard}
    ;(await import('node:fs')).writeFileSync('deaf', '')
    for (;;);`)

const outcomesOf = ({ tests }: WatchedRun): Record<string, string> =>
  Object.fromEntries(tests.map(({ name, outcome }) => [name.replace(/^.*? > /, ''), outcome]))

/** The lines of forkpoint's summaries that count something. */
const summaryOf = ({ printed }: WatchedRun): string[] =>
  (printed.match(/^( {2}Forkpoint|Checkpoints| {3}Restores) {2}.*$/gm) ?? []).map(line =>
    withoutTimes(line.trim()),
  )

const counted = (checkpoints: number, restores: number): string[] => [
  'Forkpoint  fork engine: it was asked for by name',
  `Checkpoints  ${checkpoints} taken in <time>, <size> resident${checkpoints > 1 ? ', at most <size>' : ''}`,
  `Restores  ${restores}, median <time>, p95 <time>`,
]

const watch = (target: TargetName, files: Record<string, string>, keepsProcesses = false): WatchedSuite =>
  new WatchedSuite({ target, keepsProcesses, files: { 'vitest.config.mjs': config({}), ...files } })

describe.each(targetNames)('%s', target => {
  test.concurrent("every rerun prints one summary, with that rerun's figures only", async () => {
    await using watched = watch(target, { 'one.test.ts': suite(3), 'two.test.ts': suite(2) })
    expect(summaryOf(await watched.ended())).toEqual(counted(5, 10))
    watched.edit({ 'one.test.ts': suite(4) })
    expect(summaryOf(await watched.ended())).toEqual(counted(4, 8))
    watched.edit({ 'two.test.ts': suite(1) })
    expect(summaryOf(await watched.ended())).toEqual(counted(1, 2))
    watched.edit({ 'two.test.ts': "import { test } from 'vitest'\ntest('without a setup', () => {})" })
    expect(summaryOf(await watched.ended())).toEqual([
      'Forkpoint  nothing to do: no suite has a `setup` or a hoisted hook',
    ])
  })

  test.concurrent('the report file is written anew by every rerun', async () => {
    await using watched = watch(target, {
      'vitest.config.mjs': config({ report: 'out/report.json' }),
      'one.test.ts': suite(2),
    })
    const suitesOf = (): string[] =>
      (JSON.parse(watched.read('out/report.json') ?? '').checkpoints as { suite: string }[]).map(
        checkpoint => checkpoint.suite,
      )
    await watched.ended()
    expect(suitesOf()).toEqual(['suite 0', 'suite 1'])
    watched.edit({ 'one.test.ts': suite(1) })
    await watched.ended()
    expect(suitesOf()).toEqual(['suite 0'])
  })

  test.concurrent('an edit of the configuration starts it anew, with the options as they are then', async () => {
    await using watched = watch(target, { 'one.test.ts': suite(2) })
    expect(summaryOf(await watched.ended())).toEqual(counted(2, 4))
    watched.edit({ 'vitest.config.mjs': config({ warmup: 1 }) })
    const restarted = await watched.ended()
    expect(summaryOf(restarted)).toEqual(counted(2, 2))
    expect(restarted.leftover).toEqual([])
  })

  test.concurrent('a package that is imported before the fork is imported anew when it has changed', async () => {
    const packageSaying = (value: string): Record<string, string> => ({
      'node_modules/said/package.json':
        '{ "name": "said", "version": "1.0.0", "type": "module", "exports": "./index.js" }',
      'node_modules/said/index.js': `export const value = '${value}'`,
      'one.test.ts': `
        import { value } from 'said'
        import { expect, test } from 'vitest'
        test('says', () => { expect(value).toBe('${value}') })
      `,
    })
    const own = { 'vitest.config.mjs': config({ files: 'fork', preload: ['said'] }) }
    await using watched = watch(target, { ...own, ...packageSaying('old') }, true)
    const old = await watched.ended()
    watched.edit(packageSaying('new'))
    const renewed = await watched.ended()
    expect([outcomesOf(old), outcomesOf(renewed)]).toEqual([{ says: 'passed' }, { says: 'passed' }])
    expect(renewed.printed).toMatch(/Files {2}1 forked from one warm process, 1 module imported once/)
  })

  test.concurrent('cancelling reaches the test that runs in a branch, and no test after it begins', async () => {
    await using watched = watch(target, { 'one.test.ts': untilCancelled })
    await watched.begun('waits')
    watched.cancel()
    const run = await watched.ended()
    expect({ reason: run.reason, leftover: run.leftover, outcomes: outcomesOf(run) }).toEqual({
      reason: 'interrupted',
      leftover: [],
      outcomes: {
        first: 'passed',
        waits: 'skipped',
        third: 'skipped',
        'nested > fourth': 'skipped',
        'nested > deeper > fifth': 'skipped',
      },
    })
    watched.edit({ 'one.test.ts': suite(1) })
    const rerun = await watched.ended()
    expect([rerun.reason, rerun.leftover, summaryOf(rerun)]).toEqual(['passed', [], counted(1, 2)])
  })

  test.concurrent('cancelling twice ends a branch that does not listen', async () => {
    await using watched = watch(target, { 'one.test.ts': forEver })
    await watched.begun('waits')
    watched.cancel()
    await watched.written('deaf')
    watched.cancel()
    const run = await watched.ended()
    expect([run.reason, run.leftover]).toEqual(['interrupted', []])
    watched.edit({ 'one.test.ts': suite(1) })
    expect(summaryOf(await watched.ended())).toEqual(counted(1, 2))
  })

  test.concurrent('an edit while a branch runs is run next, on what was saved', async () => {
    await using watched = watch(target, { 'one.test.ts': suite(1), 'two.test.ts': suite(1) })
    await watched.ended()
    watched.edit({ 'one.test.ts': aSecond })
    await watched.begun('waits')
    watched.edit({ 'one.test.ts': suite(2) })
    expect(new Set(Object.values(outcomesOf(await watched.ended())))).toEqual(new Set(['passed']))
    const rerun = await watched.ended()
    expect([rerun.leftover, summaryOf(rerun)]).toEqual([[], counted(2, 4)])
  })
})
