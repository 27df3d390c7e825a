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
