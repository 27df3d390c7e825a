import { describe, expect, test } from 'vitest'
import type { SuiteOptions } from '../support/run-suite.ts'
import type { SuiteRun } from '../support/suite-run.ts'
import { targetNames } from '../support/targets.ts'
import { outcomesOf } from './outcomes.ts'
import { sharedRun } from './shared-run.ts'

const files = {
  'with-setup.test.ts': `
    import { setup } from 'forkpoint'
    import { expect, test } from 'vitest'
    let count = 0
    setup(() => { count = 1 })
    test.each(['first', 'second'])('%s', () => { expect(count++).toBe(1) })
  `,
  'with-hook.test.ts': `
    import { beforeEach, expect, test } from 'vitest'
    let count = 0
    beforeEach(() => { count = 1 })
    test.each(['first', 'second'])('%s', () => { expect(count++).toBe(1) })
  `,
  'without.test.ts': `
    import { expect, test } from 'vitest'
    test('is started as plain Vitest starts it', () => { expect(process.execArgv).not.toContain('--single-threaded-gc') })
  `,
  'vitest.setup.config.mjs': projectConfig('with-setup', { engine: 'fork', warmup: 0, report: 'setup.json' }),
  'vitest.hook.config.mjs': projectConfig('with-hook', {
    engine: 'fork',
    warmup: 0,
    hoist: true,
    report: 'hook.json',
  }),
  'vitest.without.config.mjs': projectConfig('without', null),
}

function projectConfig(name: string, options: object | null): string {
  return `
    import forkpoint from 'forkpoint/vitest'
    const plugins = ${options === null ? '[]' : `[forkpoint(${JSON.stringify(options)})]`}
    export default { plugins, test: { name: '${name}', include: ['${name}.test.ts'] } }
  `
}

const passed = {
  'with-hook.test.ts > first': 'passed',
  'with-hook.test.ts > second': 'passed',
  'with-setup.test.ts > first': 'passed',
  'with-setup.test.ts > second': 'passed',
}

const summariesOf = ({ stdout }: SuiteRun): string[] =>
  stdout.split('\n').filter(line => /^( {2}Forkpoint|Checkpoints| {3}Restores| {4}Hoisted) /.test(line))

/** What the report of one project tells of its suites. */
function reportOf(run: SuiteRun, path: string): unknown {
  const { checkpoints, hoisted } = JSON.parse(run.files[path] ?? '') as {
    checkpoints: { file: string; restores: number }[]
    hoisted: number
  }
  return { checkpoints: checkpoints.map(({ file, restores }) => [file, restores]).sort(), hoisted }
}

describe.each(targetNames)('%s', target => {
  const run = (projects: unknown[], plugin: SuiteOptions['plugin']): Promise<SuiteRun> =>
    sharedRun({ target, files, plugin, config: { projects } })()
  const different = sharedRun({
    target,
    files,
    plugin: {},
    config: { projects: Object.keys(files).filter(name => name.endsWith('.mjs')) },
  })

  test.concurrent('each project has its own options, or none; one summary is of all of them', async () => {
    const ran = await different()
    expect([ran.stderr, ran.captured.unhandledErrors, ran.exitCode]).toEqual(['', [], 0])
    expect(summariesOf(ran)).toEqual([
      '  Forkpoint  fork engine: it was asked for by name',
      'Checkpoints  2 taken in <time>, <size> resident, at most <size>',
      '   Restores  4, median <time>, p95 <time>',
      '    Hoisted  1 hook run once per suite',
    ])
  })

  test.concurrent('each project has its own report', async () => {
    const ran = await different()
    expect([reportOf(ran, 'setup.json'), reportOf(ran, 'hook.json')]).toEqual([
      { checkpoints: [['<dir>/with-setup.test.ts', 2]], hoisted: 0 },
      { checkpoints: [['<dir>/with-hook.test.ts', 2]], hoisted: 1 },
    ])
  })

  test.concurrent('projects that extend the root have its options, and share its report', async () => {
    const inline = (name: string): object => ({ extends: true, test: { name, include: [`${name}.test.ts`] } })
    const plugin = { engine: 'fork', warmup: 0, hoist: true, report: 'all.json' }
    const ran = await run([inline('with-setup'), inline('with-hook')], plugin)
    expect(outcomesOf(ran)).toEqual(passed)
    expect(summariesOf(ran)).toEqual([
      '  Forkpoint  fork engine: it was asked for by name',
      'Checkpoints  2 taken in <time>, <size> resident, at most <size>',
      '   Restores  4, median <time>, p95 <time>',
      '    Hoisted  1 hook run once per suite',
    ])
    expect(reportOf(ran, 'all.json')).toEqual({
      checkpoints: [
        ['<dir>/with-hook.test.ts', 2],
        ['<dir>/with-setup.test.ts', 2],
      ],
      hoisted: 1,
    })
  })

  test.concurrent('a project that can not be rolled back falls back by itself', async () => {
    const inline = (name: string, pool: string): object => ({
      extends: true,
      test: { name, pool, include: [`${name}.test.ts`] },
    })
    const ran = await run([inline('with-setup', 'forks'), inline('with-hook', 'threads')], {
      hoist: true,
      warmup: 0,
    })
    expect(outcomesOf(ran)).toEqual(passed)
    expect(`\n${ran.stdout}`).toContain(`
  Forkpoint  fork engine in 1 file: its preconditions hold here
             heap engine in 1 file: its preconditions hold here
             fork engine can't run here: the tests run in a worker thread, and fork(2) copies only the calling thread; `)
  })
})
