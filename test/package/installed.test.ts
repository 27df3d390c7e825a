// The tarball as a user has it: installed by npm, with install scripts blocked. Beside each runner and on each Node: everywhere.test.ts.
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { repositoryRoot } from '../support/targets.ts'
import { guide, Projects, run } from './projects.ts'

/** What its types are good for, and what they are against. */
const CONSUMER = {
  'tests.mts': `
    import { checkpoint, ForkpointError, setup, type Finding, type ForkpointOptions } from 'forkpoint'
    import forkpoint from 'forkpoint/vitest'
    setup(async () => () => {}, 1000)
    const options: ForkpointOptions = { engine: 'heap', warmup: 0 }
    export const plugins = [forkpoint(options)]
    export const left: Promise<number> = checkpoint().then(point => point.run(() => 1))
    export const detailOf = ({ detail }: Finding): string => detail
    export const isOurs = (error: unknown): boolean => error instanceof ForkpointError && error.code === 'ERR_FORKPOINT_STATE'
    // @ts-expect-error there is no such engine
    forkpoint({ engine: 'hape' })
  `,
  'tests.cts': `
    import { setup, type ForkpointOptions } from 'forkpoint'
    import forkpoint = require('forkpoint')
    setup(() => {})
    forkpoint.exclude({}, { why: 'none' })
    export const options: ForkpointOptions = { fs: 'memory' }
  `,
  'tsconfig.json': JSON.stringify({
    compilerOptions: {
      module: 'nodenext',
      target: 'es2022',
      lib: ['es2023', 'esnext.disposable'],
      strict: true,
      noEmit: true,
      skipLibCheck: true,
      types: ['node'],
    },
    include: ['*.mts', '*.cts'],
  }),
}

let projects: Projects
let project: string
beforeAll(() => {
  projects = new Projects()
  project = projects.installLocked('user', ['@types', 'vite', 'vitest'], { ...guide('ts'), ...CONSUMER })
})
afterAll(() => projects[Symbol.dispose]())

test('the guide works', () => {
  expect(run(project, process.execPath, ['node_modules/vitest/vitest.mjs', 'run'])).toEqual({
    status: 0,
    output: expect.stringMatching(/Forkpoint {2}fork engine[\s\S]*Restores {2}3, median/),
  })
})

test('its types are there for TypeScript, for modules of both kinds', () => {
  const tsc = join(repositoryRoot, 'node_modules', 'typescript', 'bin', 'tsc')
  expect(run(project, process.execPath, [tsc, '-p', project])).toEqual({ status: 0, output: '' })
})

test('it is small', () => {
  const { size, unpackedSize } = projects.packed
  expect(
    { packed: size < 1_200_000, unpacked: unpackedSize < 4_500_000 },
    `${size} and ${unpackedSize} bytes`,
  ).toEqual({
    packed: true,
    unpacked: true,
  })
})
