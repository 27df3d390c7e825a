import { rmSync } from 'node:fs'
import { expect, test } from 'vitest'
import { HANG_LIMIT_MS } from '../support/hang-limit.ts'
import { runBounded } from '../support/run-bounded.ts'
import { environment } from '../support/run-suite.ts'
import { makeSuiteFolder } from '../support/suite-folder.ts'
import { targetNames, targetOf } from '../support/targets.ts'

const files = (key: string): Record<string, string> => ({
  'vitest.config.mjs': `
    import forkpoint from 'forkpoint/vitest'
    const cache = { fsModuleCache: true, fsModuleCachePath: './cache' }
    export default { plugins: [forkpoint({ warmup: 0 })], test: ${key} }
  `,
  'counter.ts': 'let count = 0\nexport const next = (): number => ++count',
  'one.test.ts': `
    import { setup } from 'forkpoint'
    import { expect, test } from 'vitest'
    import { next } from './counter'
    setup(() => { next() })
    test.each([1, 2, 3])('test %i', () => { expect(next()).toBe(2) })
  `,
})

test.each(targetNames)(
  '%s: modules that are kept on the disk are made anew for the engine of the next run',
  async name => {
    const target = targetOf(name)
    const folder = makeSuiteFolder(
      files(name === 'vitest-4' ? '{ experimental: cache }' : 'cache'),
      target.nodeModules,
    )
    const run = async (engine: string): Promise<unknown> => {
      const { exitCode, stdout } = await runBounded({
        program: target.node,
        args: [target.vitest, 'run'],
        cwd: folder.suite,
        env: environment({ FORKPOINT: engine }),
        logFolder: folder.own,
        limitMs: HANG_LIMIT_MS,
      })
      return { exitCode, engine: stdout.match(/Forkpoint {2}(\w+) engine/)?.[1] }
    }
    try {
      expect([await run('fork'), await run('heap')]).toEqual([
        { exitCode: 0, engine: 'fork' },
        { exitCode: 0, engine: 'heap' },
      ])
    } finally {
      rmSync(folder.root, { recursive: true, force: true })
    }
  },
)
