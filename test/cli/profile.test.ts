import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { jestTargets, modulesOf } from '../support/jest-targets.ts'
import { runForkpoint } from '../support/run-forkpoint.ts'
import { makeSuiteFolder, readFolder, type SuiteFolder } from '../support/suite-folder.ts'
import { targetOf } from '../support/targets.ts'

let folder: SuiteFolder
afterEach(() => rmSync(folder.root, { recursive: true, force: true }))

const source = `class Row { constructor(id) { this.id = id; this.tags = ['a', 'b' + id] } }
let table
let bytes
function fill() {
  table = new Map()
  for (let i = 0; i < 5000; i++) table.set(i, new Row(i))
  bytes = new Uint8Array(1e6)
}
function waste() { return Array.from({ length: 20000 }, (_, i) => ({ i })) }
describe('table', () => {
  beforeEach(() => { fill() })
  test.each([1, 2, 3, 4])('has rows %i', () => {
    expect(table.size + bytes.length).toBe(1005000)
    expect(waste()).toHaveLength(20000)
  })
})
`

/** Profiles a suite, which must be the same afterwards. */
function profileIn(
  files: Readonly<Record<string, string>>,
  { nodeModules, node = process.execPath }: { nodeModules: string; node?: string },
): { exitCode: number | null; stderr: string; sections: Map<string, string[]> } {
  folder = makeSuiteFolder(files, nodeModules)
  const { exitCode, stdout, stderr } = runForkpoint(['profile'], {
    cwd: folder.suite,
    node,
    program: join(nodeModules, 'forkpoint', 'dist', 'cli.mjs'),
  })
  expect(readFolder(folder.suite)).toEqual(files)
  const sections = new Map<string, string[]>()
  for (const line of stdout.trimEnd().split('\n')) {
    const label = line.slice(0, 11).trim()
    if (label !== '') sections.set(label, [])
    ;[...sections.values()].at(-1)?.push(line.slice(13))
  }
  return { exitCode, stderr, sections }
}

const sizes = '\\d+(\\.\\d)? (kB|MB)'

test.each([
  [
    'Vitest 5',
    'table.test.js',
    `import { beforeEach, describe, expect, test } from 'vitest'\n${source}`,
    targetOf('vitest-5'),
    /^vitest 5\.\d+\.\d+: 4 passed$/,
  ],
  [
    'Jest 30',
    'table.test.js',
    source,
    { nodeModules: modulesOf(jestTargets['Jest 30, Node 20']) },
    /^jest 30\.\d+\.\d+: 4 passed$/,
  ],
] as const)(
  '%s: what setups and tests allocate, and what the fixture is made of',
  (_, file, text, target, runner) => {
    const { exitCode, stderr, sections } = profileIn(
      { 'jest.config.js': 'module.exports = {}\n', [file]: text },
      target,
    )
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    expect([...sections.keys()]).toEqual(['Runner', 'Setups', 'Tests', 'Checkpoints', 'By path', 'By class'])
    expect(sections.get('Runner')?.[0]).toMatch(runner)
    const [setups, ofSetups] = sections.get('Setups') ?? []
    expect(setups).toMatch(new RegExp(`^${sizes} allocated by 2 setups, ${sizes} each$`))
    expect(ofSetups).toMatch(new RegExp(`^ *${sizes}  fill \\(table\\.test\\.js\\)$`))
    const [tests, ...ofTests] = sections.get('Tests') ?? []
    expect(tests).toMatch(new RegExp(`^${sizes} allocated by 4 tests, ${sizes} each$`))
    expect(ofTests.some(line => /^ *\d.* {2}waste \(table\.test\.js\)$/.test(line))).toBe(true)
    expect(ofTests.filter(line => line.includes('/dist/') && line.includes('forkpoint'))).toEqual([])
    expect(sections.get('Checkpoints')?.[0]).toMatch(/^1 taken, of \d+,\d{3} objects, holds$/)
    const byPath = sections.get('By path') ?? []
    expect(byPath[0]).toBe(' 10,001  table.test.js › table')
    expect(byPath).toContain('      2  table.test.js › bytes, 1.0 MB in buffers')
    const byClass = sections.get('By class') ?? []
    expect(byClass.slice(0, 2).sort()).toEqual(['  5,000  Array', '  5,000  Row'])
  },
)

test('a suite without setups has nothing to profile, and says so', () => {
  const { exitCode, sections } = profileIn(
    { 'plain.test.js': "import { test } from 'vitest'\ntest('works', () => {})\n" },
    targetOf('vitest-4'),
  )
  expect({ exitCode, profile: sections.get('Profile') }).toEqual({
    exitCode: 0,
    profile: ['no suite has a `setup` or a hoisted hook that was run'],
  })
})
