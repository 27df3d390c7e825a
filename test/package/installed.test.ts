// The tarball as a user has it. By default it is unpacked beside packages that are here; with FORKPOINT_PACKED=all (npm run test:packed)
// it is installed into empty folders by npm, with install scripts blocked, beside each runner.
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { filesOf, readBlocks } from '../docs/code-blocks.ts'
import { HANG_LIMIT_MS } from '../support/hang-limit.ts'
import { environment } from '../support/run-suite.ts'
import { repositoryRoot, targetOf } from '../support/targets.ts'
import { type Packed, pack } from './pack.ts'

const isWhole = process.env.FORKPOINT_PACKED === 'all'

let folder = ''
let packed: Packed
beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'forkpoint-packed-')))
  packed = pack(folder)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** What the guide has its readers write, for a runner; rolled back however slow this machine is. */
function guide(extension: 'ts' | 'js'): Record<string, string> {
  const blocks = readBlocks().filter(({ page }) => page === 'docs/guide.md')
  const files = Object.entries(filesOf(blocks)).filter(([path]) => path.endsWith(extension))
  return Object.fromEntries(files.map(([path, code]) => [basename(path), withoutJudging(code)]))
}

function withoutJudging(code: string): string {
  return code
    .replace('forkpoint()', 'forkpoint({ warmup: 0 })')
    .replace(
      "preset: 'forkpoint'",
      "preset: 'forkpoint', testEnvironmentOptions: { forkpoint: { warmup: 0 } }",
    )
}

function writeProject(name: string, files: Readonly<Record<string, string>>): string {
  const project = join(folder, name)
  mkdirSync(project)
  for (const [path, content] of Object.entries({ 'package.json': '{}', ...files })) {
    writeFileSync(join(project, path), content)
  }
  return project
}

/** A project with the tarball unpacked, and the packages it needs as links to those of this repository. */
function writeLinked(name: string, files: Readonly<Record<string, string>>): string {
  const project = writeProject(name, files)
  const place = join(project, 'node_modules', 'forkpoint')
  mkdirSync(place, { recursive: true })
  execFileSync('tar', ['-xzf', packed.tarball, '--strip-components=1', '-C', place])
  for (const each of ['@types', 'magic-string', 'oxc-parser', 'vite', 'vitest']) {
    symlinkSync(join(repositoryRoot, 'node_modules', each), join(project, 'node_modules', each))
  }
  return project
}

interface Run {
  readonly status: number | null
  readonly output: string
}

function run(cwd: string, node: string, args: readonly string[]): Run {
  const { status, stdout, stderr } = spawnSync(node, args, {
    cwd,
    env: environment({}),
    encoding: 'utf8',
    timeout: HANG_LIMIT_MS,
  })
  return { status, output: stdout + stderr }
}

const rolledBack = { status: 0, output: expect.stringMatching(/Restores {2}\d+, median/) }

test('the guide works from the tarball', () => {
  const project = writeLinked('linked', guide('ts'))
  expect(run(project, process.execPath, ['node_modules/vitest/vitest.mjs', 'run'])).toEqual(rolledBack)
})

test('its types are there for TypeScript, for modules of both kinds', () => {
  const project = writeLinked('types', {
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
  })
  const tsc = join(repositoryRoot, 'node_modules', 'typescript', 'bin', 'tsc')
  expect(run(project, process.execPath, [tsc, '-p', project])).toEqual({ status: 0, output: '' })
})

test('it is small', () => {
  const { size, unpackedSize } = packed
  expect(
    { packed: size < 1_200_000, unpacked: unpackedSize < 4_500_000 },
    `${size} and ${unpackedSize} bytes`,
  ).toEqual({
    packed: true,
    unpacked: true,
  })
})

describe.runIf(isWhole)(
  'installed by npm, into an empty folder, with install scripts blocked',
  { timeout: 300_000 },
  () => {
    function install(
      name: string,
      packages: readonly string[],
      files: Readonly<Record<string, string>>,
    ): string {
      const project = writeProject(name, files)
      const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']
      execFileSync('npm', ['install', ...flags, packed.tarball, ...packages], { cwd: project, stdio: 'pipe' })
      return project
    }

    test.each([
      ['Vitest 4.1', 'vitest@4.1.12', process.execPath],
      ['Vitest 5', 'vitest@5.1.1', targetOf('vitest-5').node],
    ])('beside %s', (name, runner, node) => {
      const project = install(name.replace(' ', '-'), [runner], guide('ts'))
      expect(run(project, node, ['node_modules/vitest/vitest.mjs', 'run'])).toEqual(rolledBack)
    })

    test.each([
      ['Jest 30', 'jest@30.5.2'],
      ['Jest 29.7', 'jest@29.7.0'],
    ])('beside %s', (name, runner) => {
      const project = install(name.replace(' ', '-'), [runner], guide('js'))
      expect(run(project, process.execPath, ['node_modules/jest/bin/jest.js'])).toEqual(rolledBack)
    })

    test('beside nothing: scripts, by import and by require, with both engines, and the command line', () => {
      const body =
        "let n = 1; const p = await checkpoint(); await p.run(() => { n = 2 }); if (n !== 1) throw new Error('not rolled back')"
      const project = install('alone', [], {
        'script.mjs': `import { checkpoint } from 'forkpoint'\n${body}`,
        'script.cjs': `const { checkpoint } = require('forkpoint')\nasync function main() { ${body} }\nmain()`,
      })
      const ways = ['script.mjs', 'script.cjs'].flatMap(script => [
        ['--single-threaded', '--v8-pool-size=1', script],
        ['--import', 'forkpoint/register', script],
      ])
      expect(ways.map(args => run(project, process.execPath, args))).toEqual(
        ways.map(() => ({ status: 0, output: '' })),
      )
      const doctor = run(project, process.execPath, [join('node_modules', '.bin', 'forkpoint'), 'doctor'])
      expect(doctor).toEqual({ status: 0, output: expect.stringMatching(/Fork engine {2}can run/) })
    })

    test('publint and Are the types wrong? find nothing', () => {
      const project = install('lints', ['publint@0.3.25', '@arethetypeswrong/core@0.18.5'], {
        'lint.mjs': `
        import { readFileSync } from 'node:fs'
        import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core'
        import { publint } from 'publint'
        import { formatMessage } from 'publint/utils'
        const [path] = process.argv.slice(2)
        const data = readFileSync(path)
        const { messages, pkg } = await publint({ pack: { tarball: data.buffer.slice(data.byteOffset, data.byteOffset + data.length) }, strict: true })
        for (const each of messages) console.log('publint', formatMessage(each, pkg))
        const { problems } = await checkPackage(createPackageFromTarballData(new Uint8Array(data)))
        // Resolution by the rules of Node 10 knows no subpaths; what require finds to be a module, Node 20.19 and later can require.
        for (const each of problems) {
          if (each.resolutionKind === 'node10' || each.kind === 'CJSResolvesToESM') continue
          console.log('attw', JSON.stringify(each))
        }
      `,
      })
      expect(run(project, process.execPath, ['lint.mjs', packed.tarball])).toEqual({ status: 0, output: '' })
    })
  },
)
