import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { jestTargets, modulesOf } from '../support/jest-targets.ts'
import { withoutTimes } from '../support/normalise.ts'
import { livingOf, processesOf, waitUntilGone } from '../support/processes.ts'
import { runForkpoint } from '../support/run-forkpoint.ts'
import { environment } from '../support/run-suite.ts'
import { makeSuiteFolder, readFolder, type SuiteFolder } from '../support/suite-folder.ts'
import { repositoryRoot, targetOf } from '../support/targets.ts'

let folder: SuiteFolder
afterEach(() => rmSync(folder.root, { recursive: true, force: true }))

/** The command line of the package that is installed there, as `npx` would find it. */
function installedIn(nodeModules: string): string {
  return join(nodeModules, 'forkpoint', 'dist', 'cli.mjs')
}

interface Tried {
  exitCode: number | null
  lines: string[]
  progress: string[]
}

/** Tries a suite, whose folder and the folder for temporary files must be the same afterwards. */
function tryIn(
  files: Readonly<Record<string, string>>,
  { nodeModules, node = process.execPath }: { nodeModules: string; node?: string },
  args: readonly string[] = [],
): Tried {
  folder = makeSuiteFolder(files, nodeModules)
  const temporary = mkdtempSync(join(folder.own, 'tmp-'))
  const { exitCode, stdout, stderr } = runForkpoint(['try', ...args], {
    cwd: folder.suite,
    env: { TMPDIR: temporary },
    node,
    program: installedIn(nodeModules),
  })
  expect(readFolder(folder.suite)).toEqual(files)
  expect(existsSync(join(folder.suite, 'node_modules'))).toBe(false)
  expect(readdirSync(temporary).filter(name => name.startsWith('forkpoint-try-'))).toEqual([])
  const linesOf = (text: string): string[] =>
    withoutTimes(text).replaceAll(folder.suite, '<dir>').trimEnd().split('\n')
  return { exitCode, lines: linesOf(stdout), progress: linesOf(stderr) }
}

/** Whether it pays depends on the machine: all that can be said of a suite whose tests were rolled back. */
const anyVerdict = expect.stringMatching(
  /^ {4}Verdict {2}(It pays\.|It saves <time> of setup, too little to be seen in the time of a run\.|It makes no difference here\.|It does not pay here\.|It can't be told whether it pays\.) A run takes <time> instead of <time>/,
)

const busy = 'const busy = ms => { const end = performance.now() + ms; while (performance.now() < end); }\n'

describe('a suite whose outcomes are the same', () => {
  const vitest = targetOf('vitest-4')
  const files = {
    'vitest.config.ts': "export default { test: { dir: 'test', coverage: { enabled: true } } }\n",
    'test/rows.test.ts': `import { beforeEach, describe, expect, test } from 'vitest'
${busy}describe('rows', () => {
  let rows: number[]
  beforeEach(() => { busy(60); rows = [1] })
  test.each([1, 2, 3, 4, 5, 6, 7, 8])('adds %i', i => { rows.push(i); expect(rows).toHaveLength(2) })
  test('has a snapshot to be written', () => { expect(rows).toMatchSnapshot() })
  test('fails', () => { expect(rows).toEqual([]) })
})
`,
    'test/plain.test.ts':
      "import { test } from 'vitest'\ntest('works', () => {})\ntest.skip('not yet', () => {})\n",
  }

  test('says so, with both times, the summary and the verdict, and changes no file', () => {
    const { exitCode, lines, progress } = tryIn(files, vitest)
    expect({ exitCode, lines: lines.slice(0, 7) }).toEqual({
      exitCode: 0,
      lines: [
        expect.stringMatching(/^ {5}Runner {2}vitest 4\.\d+\.\d+: 12 tests in 2 files$/),
        '   Outcomes  the same with forkpoint: 9 passed, 2 failed, 1 skipped',
        '       Time  <time> as it is, <time> with forkpoint',
        '  Forkpoint  fork engine: its preconditions hold here',
        expect.stringMatching(/^Checkpoints {2}1 taken in <time>, <size> resident$/),
        expect.stringMatching(/^ {3}Restores {2}\d, median <time>, p95 <time>$/),
        expect.stringMatching(/^ {6}Saved {2}/),
      ],
    })
    expect(lines[7]).toBe('    Hoisted  1 hook run once per suite')
    expect(lines[8]).toEqual(anyVerdict)
    expect(progress.slice(0, 2)).toEqual([
      'As it is: 9 passed, 2 failed, 1 skipped in <time>',
      'With forkpoint: 9 passed, 2 failed, 1 skipped in <time>',
    ])
  })

  test('what stands after -- is for the runner', () => {
    const { lines } = tryIn(files, vitest, ['--', 'plain'])
    expect(lines.slice(0, 5)).toEqual([
      expect.stringMatching(/^ {5}Runner {2}vitest 4\.\d+\.\d+: 2 tests in 1 file$/),
      '   Outcomes  the same with forkpoint: 1 passed, 1 skipped',
      '       Time  <time> as it is, <time> with forkpoint',
      '  Forkpoint  nothing to do: no suite has a `setup` or a hoisted hook',
      '    Verdict  There is nothing to roll back: no suite has a `beforeEach` hook that can be run once. A run takes <time> instead of <time>.',
    ])
  })
})

describe('a suite whose tests need what others leave behind', () => {
  const leftovers = `${busy}const list = []
describe('list', () => {
  beforeEach(() => { busy(40); list.push('made') })
  test.each([1, 2, 3, 4, 5])('is made (%i)', () => { expect(list).toContain('made') })
  test('has what the others left', () => { expect(list.length).toBe(6) })
})
`
  const outcomes = (file: string, error: unknown): unknown[] => [
    '   Outcomes  1 of 6 tests differs',
    `             ${file} > list > has what the others left: passed, with forkpoint failed`,
    error,
    '               Likely because it needs what earlier tests leave behind: run alone, it fails without forkpoint too.',
    '       Time  <time> as it is, <time> with forkpoint',
  ]

  test('Vitest: they are named, with the reason, and the exit code is 1', () => {
    const files = {
      'test/list.test.js': `import { beforeEach, describe, expect, test } from 'vitest'\n${leftovers}`,
    }
    const { exitCode, lines } = tryIn(files, targetOf('vitest-5'))
    expect(exitCode).toBe(1)
    expect(lines.slice(1, 6)).toEqual(
      outcomes(
        'test/list.test.js',
        expect.stringMatching(/^ {15}AssertionError: expected \d to be 6 \/\/ Object\.is equality$/),
      ),
    )
    expect(lines).toContain('    Verdict  Not yet: mend the tests that differ first.')
  })

  test('Jest: the same, in an environment of the project', () => {
    const files = {
      'environment.js': `const { TestEnvironment } = require('jest-environment-node')
module.exports = class extends TestEnvironment {
  async setup() {
    await super.setup()
    this.global.ofProject = true
  }
}
`,
      'jest.config.js': "module.exports = { testEnvironment: './environment.js' }\n",
      'list.test.js': `${leftovers}test('has the environment', () => { expect(ofProject).toBe(true) })\n`,
    }
    const { exitCode, lines } = tryIn(files, { nodeModules: modulesOf(jestTargets['Jest 30, Node 20']) })
    expect(exitCode).toBe(1)
    expect(lines[0]).toMatch(/^ {5}Runner {2}jest 30\.\d+\.\d+: 7 tests in 1 file$/)
    expect(lines.slice(2, 6)).toEqual(
      outcomes(
        'list.test.js',
        '               Error: expect(received).toBe(expected) // Object.is equality',
      ).slice(1),
    )
    expect(lines).toContain('    Hoisted  1 hook run once per suite')
  })
})

describe('a run that does not come to its end', () => {
  const vitest = targetOf('vitest-4')

  test('a configuration that is broken is an error with what the runner said', () => {
    const files = { 'vitest.config.ts': "throw new Error('no database')\n", 'a.test.ts': '' }
    const { exitCode, lines, progress } = tryIn(files, vitest)
    expect({ exitCode, lines }).toEqual({ exitCode: 2, lines: [''] })
    expect(progress[0]).toBe(
      '[forkpoint] Failed to try the suite: vitest did not run it, it ended with 1. Its last words:',
    )
    expect(progress.join('\n')).toContain('no database')
    expect(progress.at(-1)).toBe(' (ERR_FORKPOINT_CONFIG)')
  })

  test('interrupted, it ends all that it has started, and the project is as it was', async () => {
    const files = {
      'hangs.test.ts': `import { writeFileSync } from 'node:fs'
import { test } from 'vitest'
test('hangs', () => {
  writeFileSync(process.env.HANGS!, '')
  for (;;);
}, 1e9)
`,
    }
    folder = makeSuiteFolder(files, vitest.nodeModules)
    const mark = join(folder.own, 'hangs')
    const child = spawn(vitest.node, [installedIn(vitest.nodeModules), 'try'], {
      cwd: folder.suite,
      env: environment({ HANGS: mark, TMPDIR: folder.own }),
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let said = ''
    child.stderr.on('data', (text: Buffer) => {
      said += text
    })
    while (!existsSync(mark)) await new Promise(resolve => setTimeout(resolve, 20))
    child.kill('SIGINT')
    const [exitCode] = await once(child, 'close')
    expect({ exitCode, said }).toEqual({ exitCode: 2, said: 'Interrupted. The project is as it was.\n' })
    expect(await waitUntilGone(() => livingOf(processesOf(-1, mark)), 10_000)).toEqual([])
    expect(readFolder(folder.suite)).toEqual(files)
    expect(readdirSync(folder.own).filter(name => name.startsWith('forkpoint-try-'))).toEqual([])
  })
})

test('where no runner is installed, it says what is missing', () => {
  folder = makeSuiteFolder({}, targetOf('vitest-4').nodeModules)
  expect(runForkpoint(['try'], { cwd: '/' })).toEqual({
    exitCode: 2,
    stdout: '',
    stderr:
      '[forkpoint] Failed to find vitest or jest in / or above it; install the packages of the project first (ERR_FORKPOINT_CONFIG)\n',
  })
})

test('where forkpoint is not beside the Vitest of the project, it says where to install it', () => {
  const [theirs, ours] = [targetOf('vitest-5').nodeModules, join(repositoryRoot, 'node_modules')]
  folder = makeSuiteFolder({}, theirs)
  expect(runForkpoint(['try'], { cwd: folder.suite })).toEqual({
    exitCode: 2,
    stdout: '',
    stderr:
      `[forkpoint] Failed to try the suite: forkpoint is not installed beside the Vitest of the project (in ${theirs}/vitest), and finds ` +
      `the one in ${ours}/vitest. Install it there: npm install --save-dev forkpoint (ERR_FORKPOINT_CONFIG)\n`,
  })
})
