import { describe, expect, test } from 'vitest'
import { targetNames } from '../support/targets.ts'
import { type WatchedRun, WatchedSuite, watchReporter } from '../support/watched-suite.ts'

// The long form is 100 reruns: FORKPOINT_RERUNS=100 npx vitest run --config test/vitest.config.ts test/stress/watch-stress.test.ts
const reruns = Number(process.env.FORKPOINT_RERUNS ?? 5)

const config = (isolate: boolean): string => `
  import forkpoint from 'forkpoint/vitest'
  export default {
    plugins: [forkpoint({ engine: 'fork', warmup: 1 })],
    test: { isolate: ${isolate}, setupFiles: ['./prepare.ts'], reporters: ['default', ${JSON.stringify(watchReporter)}] },
  }
`

/** Every file that a checkpoint is made of, and the words by which the tests know its version. */
const sources: Readonly<Record<string, (version: number) => string>> = {
  'prepare.ts': version => `Object.assign(globalThis, { prepared: 'prepare ${version}' })`,
  'source.ts': version => `export const source = 'source ${version}'`,
  'data.json': version => `{ "data": "data ${version}" }`,
  'fixture.ts': version => `
    import { data } from './data.json'
    import { source } from './source.ts'
    export const build = () => [globalThis.prepared, source, data, 'fixture ${version}']
  `,
  'one.test.ts': version => suite(`one ${version}`),
  'two.test.ts': version => suite(`two ${version}`),
}
const names = Object.keys(sources)

const suite = (name: string): string => `
  import { setup } from 'forkpoint'
  import { describe, expect, test } from 'vitest'
  import { build } from './fixture.ts'
  let state
  setup(() => { state = [...build(), '${name}'] })
  const look = (_, { task }) => {
    task.meta.state = [...state]
    state.push('left behind')
  }
  test.for([1, 2, 3])('test %i', look)
  describe('inner', () => {
    setup(() => { state.push('inner') })
    test.for([1, 2])('test %i', look)
  })
`

/** What the tests of a run saw that was not there to see, or not rolled back. */
function staleTests({ tests }: WatchedRun, versions: Readonly<Record<string, number>>): unknown[] {
  const shared = names.slice(0, 4).map(name => `${name.split('.')[0]} ${versions[name]}`)
  return tests.filter(({ name, outcome, meta }) => {
    const file = name.split(' ')[0] ?? ''
    const state = [...shared, `${file.split('.')[0]} ${versions[file]}`]
    if (name.includes('inner')) state.push('inner')
    return outcome !== 'passed' || JSON.stringify(meta.state) !== JSON.stringify(state)
  })
}

describe.each(targetNames)('%s', target => {
  test.concurrent.each([true, false])(
    `${reruns} reruns after edits of any file see what was saved, and leave nothing running: isolate %s`,
    async isolate => {
      const versions = Object.fromEntries(names.map(name => [name, 0]))
      const files = Object.fromEntries(names.map(name => [name, sources[name]?.(0) ?? '']))
      await using watched = new WatchedSuite({
        target,
        files: { ...files, 'vitest.config.mjs': config(isolate) },
        limitMs: 30_000 + reruns * 5_000,
      })
      const first = await watched.ended()
      expect(staleTests(first, versions)).toEqual([])
      const descriptors = await watched.descriptors(0)
      for (let rerun = 1; rerun <= reruns; rerun++) {
        const name = names[rerun % names.length] ?? ''
        versions[name] = rerun
        watched.edit({ [name]: sources[name]?.(rerun) ?? '' })
        const run = await watched.ended()
        const files = name.endsWith('.test.ts') ? 1 : 2
        const rolledBack = run.tests.filter(
          ({ meta }) => (meta.forkpoint as { rolledBack: boolean }).rolledBack,
        )
        expect({
          edited: name,
          stale: staleTests(run, versions),
          tests: run.tests.length,
          rolledBack: rolledBack.length,
          errors: run.errors,
          leftover: run.leftover,
          descriptors: await watched.descriptors(descriptors),
        }).toEqual({
          edited: name,
          stale: [],
          tests: 5 * files,
          rolledBack: 4 * files,
          errors: [],
          leftover: [],
          descriptors,
        })
      }

      expect(await watched.close()).toEqual([])
    },
  )
})
