import { expect, test } from 'vitest'
import { differencesOf } from '../support/compare-runs.ts'
import { jestOutcomes, runJest } from '../support/run-jest.ts'

/** State that only its own code reaches, and an error from deep within: the same in each language. */
const library = (types: boolean, exported: (name: string) => string): string => {
  const as = (type: string): string => (types ? `: ${type}` : '')
  return `
${types ? 'interface Entry { n: number }\n\ntype Entries = Map<string, Entry>\n' : ''}
let hits = 0; const entries${as('Entries')} = new Map()
${exported('make')} = (start${as('number')}) => { let n = start; return { next: () => ++n, fail: (text${as('string')}) => { const why = [text, n]; const thrown = new Error(why.join(' ')); throw thrown } } }
${exported('clear')} = () => { hits = 0; entries.clear() }; ${exported('get')} = (key${as('string')}) => { hits++; entries.set(key, { n: hits }); return entries.size }
class Gate { #open = 0; static all${as('Gate[]')} = []; constructor() { Gate.all.push(this) } walk(steps${as('number')})${as('number')} { if (steps === 0) { throw new TypeError('no way at ' + (this.#open++)) } return this.walk(steps - 1) } }
${exported('Gate_')} = Gate
${exported('later')} = async (turns${as('number')}) => { for (let i = 0; i < turns; i++) { const seen = [i]; await null; seen.push(i) } throw new RangeError('late') }
`
}

const tests = `
let counter = make(5)
setup(() => { counter = make(5); counter.next(); clear(); get('a') })
test.each([1, 2])('is rolled back: test %i', () => { expect([counter.next(), get('b')]).toEqual([7, 2]) })
test('throws', () => { const inner = () => counter.fail('broken'); inner() })
test('throws from a class', () => { new Gate_().walk(2) })
test('throws later', async () => { const seen = []; seen.push(await null); await later(2) })
test('fails', () => { const [one] = [get('c')]; const check = () => { let n = one; return expect(n).toBe(3) }; check() })
`

const named = '{ clear, make, get, Gate_, later }'

const files = {
  'babel.js': library(false, name => `const ${name} = exports.${name}`),
  'babel.test.js': `const { setup } = require('forkpoint'); const ${named} = require('./babel')\n${tests}`,
  'typed.ts': library(true, name => `export const ${name}`),
  'typed.test.ts': `import { setup } from 'forkpoint'\nimport ${named} from './typed'\n${tests.replace('const seen = []', 'const seen: unknown[] = []')}`,
  // A transform of one's own, synchronous, without a source map.
  'upper.cjs': `exports.process = code => ({ code: code.replaceAll('BROKEN', 'broken') })`,
  'plain.up': library(false, name => `const ${name} = exports.${name}`),
  'plain.test.up': `const { setup } = require('forkpoint'); const ${named} = require('./plain.up')\n${tests.replace("'broken'", "'BROKEN'")}`,
  // Another one, asynchronous.
  'wait.mjs': `export default { async processAsync(code) { await null; return { code } } }`,
  'native.mjs': library(false, name => `export const ${name}`),
  'native.test.mjs': `import { setup } from 'forkpoint'\nimport ${named} from './native.mjs'\n${tests}`,
}

test('whatever transform makes them, sources are exposed, and errors point to where they do without', async () => {
  const { variants, stderr } = await runJest({
    target: 'Jest 30, Node 20',
    files,
    variants: { plain: false, heap: { engine: 'heap', warmup: 0 } },
    config: {
      moduleFileExtensions: ['js', 'ts', 'mjs', 'cjs', 'up', 'json'],
      testMatch: ['**/*.test.*'],
      transform: {
        '\\.js$': 'babel-jest',
        '\\.ts$': ['ts-jest', { tsconfig: { target: 'ES2022', module: 'CommonJS', isolatedModules: true } }],
        '\\.up$': '<rootDir>/upper.cjs',
        'native.*\\.mjs$': '<rootDir>/wait.mjs',
      },
    },
    env: { NODE_OPTIONS: '--experimental-vm-modules' },
  })
  expect(differencesOf(variants.plain, variants.heap).join('\n'), stderr).toBe('')
  const outcomes = Object.values(jestOutcomes(variants.heap))
  expect([outcomes.filter(outcome => outcome === 'passed').length, outcomes.length], stderr).toEqual([8, 24])
  expect(stderr).toContain('Checkpoints  4 taken')
})

/** Enough of it for @swc/jest to do it by several threads. */
const large = (name: string): string =>
  Array.from(
    { length: 400 },
    (_, i) =>
      `export const ${name}${i} = async (n: number, ...all: string[]): Promise<number> => { class A { #n = n; get() { return this.#n ?? all?.[n] } }; for (const one of all) { await one } return new A().get() + ${i} }`,
  ).join('\n')

test('a transform with threads of its own (@swc/jest) has files forked, and is there in tests as well', async () => {
  const { variants, stderr } = await runJest({
    target: 'Jest 30, Node 20',
    files: {
      'count.cjs': `global.threads = require('node:fs').readdirSync('/proc/self/task').length`,
      'early.ts': large('early'),
      'late.ts': large('late'),
      'broken.ts': 'export const = 1',
      'one.test.ts': `
        import { readdirSync } from 'node:fs'
        import { setup } from 'forkpoint'
        const threads = (): number => readdirSync('/proc/self/task').length
        const { early1 } = require('./early')
        const started = threads() > global.threads
        let list: string[]
        setup(() => { list = ['setup'] })
        test('threads have started', () => { expect([list, started]).toEqual([['setup'], true]) })
        test('code from before', async () => { list.push('test'); expect(await early1(1, 'x')).toBe(2) })
        test('code that comes now', async () => { expect(list).toEqual(['setup']); expect(await require('./late').late2(1, 'x')).toBe(3) })
        test('code that can not be read', () => { require('./broken') })
      `,
    },
    variants: { plain: false, fork: { engine: 'fork', warmup: 0 } },
    runConfig: { testTimeout: 60_000 },
    config: {
      testMatch: ['**/*.test.ts'],
      setupFiles: ['<rootDir>/count.cjs'],
      transform: { '\\.ts$': ['@swc/jest', { jsc: { target: 'es5', parser: { syntax: 'typescript' } } }] },
    },
  })
  expect(differencesOf(variants.plain, variants.fork).join('\n'), stderr).toBe('')
  expect(Object.values(jestOutcomes(variants.fork)), stderr).toEqual([
    'passed',
    'passed',
    'passed',
    expect.stringContaining('failed'),
  ])
  expect(stderr).toContain('Restores  4')
})
