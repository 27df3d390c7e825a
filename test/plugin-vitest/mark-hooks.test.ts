import { SourceMap } from 'node:module'
import { parseAst } from 'vite'
import { afterEach, describe, expect, test } from 'vitest'
import { markHooks } from '../../plugin-vitest/mark-hooks.ts'

const MARK_KEY = Symbol.for('forkpoint.vitest.mark')
const globals = globalThis as { [MARK_KEY]?: unknown }

afterEach(() => {
  delete globals[MARK_KEY]
})

function mark(code: string): string {
  return markHooks(code, 'shop.test.js', parseAst)?.code ?? code
}

/** The marks in the order of the source: what follows each, and why it can't run once per suite. */
function marksOf(code: string): Array<[call: string, why: string | null]> {
  const pattern =
    /globalThis\[Symbol\.for\("forkpoint\.vitest\.mark"\)\]\?\.\((null|"(?:[^"\\]|\\.)*")\), (\w+)\(/g
  return [...mark(code).matchAll(pattern)].map(([, why = '', call = '']) => [call, JSON.parse(why)])
}

/** Runs code with stub functions; tells the calls of hooks and marks in order, and the value of `result`. */
function play(code: string): { calls: unknown[]; result: unknown } {
  const calls: unknown[] = []
  globals[MARK_KEY] = (why: string | null) => calls.push(['mark', why])
  const beforeEach = (hook: () => unknown): unknown[] => {
    calls.push(['beforeEach', hook()])
    return ['returned']
  }
  const run = new Function('beforeEach', `let result; ${code}\n; return result`)
  return { calls, result: run(beforeEach) }
}

const OTHER_FILE = 'its function is not written in the same file'
const NO_NAME = 'its name is not that of exactly one function of its file'
const CONTEXT = 'it takes the test context'

test('a mark stands before the registration, and nothing else changes', () => {
  const code =
    "import { beforeEach } from 'vitest'\n\nlet db\nbeforeEach(async () => {\n  db = await open()\n})\n"
  expect(mark(code)).toBe(
    "import { beforeEach } from 'vitest'\n\nlet db\n" +
      'globalThis[Symbol.for("forkpoint.vitest.mark")]?.(null), beforeEach(async () => {\n  db = await open()\n})\n',
  )
})

describe('a hook can run once per suite when it is', () => {
  test.each([
    ['an arrow function', 'beforeEach(() => {})'],
    ['an arrow function with an expression', 'beforeEach(() => open())'],
    ['an async function with a time-out', 'beforeEach(async function () {}, 1000)'],
    ['a named function expression', 'beforeEach(function fill() {})'],
    ['a function declared before', 'function fill() {}\nbeforeEach(fill)'],
    ['a function declared after', 'beforeEach(fill)\nfunction fill() {}'],
    ['an exported function', 'export function fill() {}\nbeforeEach(fill)'],
    ['a constant', 'const fill = async () => {}\nbeforeEach(fill)'],
  ])('%s', (_, code) => {
    expect(marksOf(code)).toEqual([['beforeEach', null]])
  })
})

describe('a hook can not when it', () => {
  test.each([
    ['takes the context', 'beforeEach(context => {})', CONTEXT],
    ['takes part of the context', 'beforeEach(({ task }) => {})', CONTEXT],
    ['takes what may be the context', 'beforeEach((...all) => {})', CONTEXT],
    ['takes an optional argument', 'beforeEach((a = 1) => {})', CONTEXT],
    ['looks at its arguments', 'beforeEach(function () { arguments[0].task })', CONTEXT],
    ['asserts', 'beforeEach(() => { expect(1).toBe(1) })', 'it uses `expect`, which needs a running test'],
    [
      'asserts somewhere below',
      'beforeEach(async () => { for (const row of rows) if (row) check(() => expect(row)) })',
      'it uses `expect`, which needs a running test',
    ],
    [
      'waits for the end of the test',
      'beforeEach(() => { onTestFinished(() => {}) })',
      'it uses `onTestFinished`, which needs a running test',
    ],
    [
      'waits for a failure',
      'beforeEach(() => { onTestFailed(() => {}) })',
      'it uses `onTestFailed`, which needs a running test',
    ],
    [
      'asks for the running test',
      'beforeEach(() => { TestRunner.getCurrentTest() })',
      'it uses `getCurrentTest`, which needs a running test',
    ],
    ['is a generator', 'beforeEach(function* () {})', 'it is a generator'],
    ['is made by a call', 'beforeEach(makeHook())', OTHER_FILE],
    ['is a method', 'beforeEach(db.reset)', OTHER_FILE],
    ['is missing', 'beforeEach()', NO_NAME],
    ['is imported', "import { fill } from './fill.js'\nbeforeEach(fill)", NO_NAME],
    ['can be assigned anew', 'let fill = () => {}\nbeforeEach(fill)', NO_NAME],
    ['is assigned anew', 'function fill() {}\nif (slow) fill = fillSlowly\nbeforeEach(fill)', NO_NAME],
    ['is no function', 'const fill = wrap(() => {})\nbeforeEach(fill)', NO_NAME],
    [
      'has a name that means two functions',
      'function fill() {}\ndescribe("a", () => { const fill = () => {}; beforeEach(fill) })',
      NO_NAME,
    ],
    [
      'has a name that is a parameter',
      'const fill = () => {}\nfunction use(fill) { beforeEach(fill) }',
      NO_NAME,
    ],
    ['takes the context under a name', 'const fill = ({ task }) => task\nbeforeEach(fill)', CONTEXT],
  ])('%s', (_, code, why) => {
    expect(marksOf(code)).toEqual([['beforeEach', why]])
  })
})

describe('the hook is found', () => {
  test('wherever it stands, in order', () => {
    const code = `
      beforeEach(() => {})
      describe('outer', () => {
        beforeEach(context => {})
        describe.each([1, 2])('inner', () => {
          beforeEach(() => {})
        })
      })
      if (process.env.SLOW) beforeEach(() => {})
      else beforeEach(() => {}, 1)
      for (const row of []) beforeEach(() => row)
      outer: beforeEach(() => {})
    `
    expect(marksOf(code).map(([, why]) => why)).toEqual([null, CONTEXT, null, null, null, null, null])
  })

  test('under the name it was imported by, and no other', () => {
    const code = "import { beforeEach as be } from 'vitest'\nbe(() => {})\nafterEach(() => {})"
    expect(marksOf(code)).toEqual([['be', null]])
  })

  test('under two names, when one is global', () => {
    const code = "import { beforeEach as be } from 'vitest'\nbe(() => {})\nbeforeEach(() => {})"
    expect(marksOf(code)).toEqual([
      ['be', null],
      ['beforeEach', null],
    ])
  })
})

describe('no mark is set, and the code stays the same, where', () => {
  test.each([
    ['there is no such hook', 'afterEach(() => {})'],
    ['only a comment names it', '// beforeEach(() => {})\nbeforeAll(() => {})'],
    [
      "another package's function has its name",
      "import { beforeEach } from './fixtures.js'\nbeforeEach(() => {})",
    ],
    ["another package's export has its name", "import { beforeEach as be } from 'mocha'\nbe(() => {})"],
    ['a local variable has its name', "const { beforeEach } = await import('vitest')\nbeforeEach(() => {})"],
    ['a parameter has its name', 'function use(beforeEach) { beforeEach(() => {}) }'],
    [
      'its imported name has a second meaning',
      "import { beforeEach } from 'vitest'\nfunction use(beforeEach) { beforeEach(() => {}) }",
    ],
    ['it is called through the module', "import * as vitest from 'vitest'\nvitest.beforeEach(() => {})"],
    ['its result is used', 'const result = beforeEach(() => {})'],
    ['it is the body of an arrow function', 'const register = () => beforeEach(() => {})'],
    ['it is part of a longer expression', 'ready && beforeEach(() => {})'],
  ])('%s', (_, code) => {
    expect(markHooks(code, 'shop.test.js', parseAst)).toBeNull()
  })
})

describe('the code with marks means the same', () => {
  test.each([
    ['after a line without a semicolon', 'result = [1]\nbeforeEach(() => 1)'],
    [
      'after a call without a semicolon',
      'result = String(7)\nbeforeEach(() => 1)\n;[2].forEach(n => (result += n))',
    ],
    ['after a template without a semicolon', 'result = `a`\nbeforeEach(() => 1)'],
    ['after an increment without a semicolon', 'result = 1\nresult++\nbeforeEach(() => result)'],
    ['before a line that would go on without a semicolon', 'beforeEach(() => 1);\n[result] = ["x"]'],
    ['before a line that goes on', 'beforeEach(() => 1)\n, result = 2'],
    ['as the only statement of an if', 'if (1 > 2) beforeEach(() => 1)\nelse result = "else"'],
    ['as the statement of an else', 'if (1 > 2) result = 1; else beforeEach(() => "else")'],
    ['as the body of a loop', 'for (let i = 0; i < 3; i++) beforeEach(() => i)'],
    ['as the body of a do', 'let i = 0\ndo beforeEach(() => i)\nwhile (++i < 3)'],
    ['after a label', 'top: beforeEach(() => 1)\nresult = "after"'],
    ['in a case', 'switch (1) { case 1: beforeEach(() => 1); case 2: result = 2 }'],
    ['in parentheses', '(beforeEach(() => 1))'],
    ['as the first statement, after a comment', '/* shop */ beforeEach(() => 1) // once'],
    ['one after another on a line', 'beforeEach(() => 1); beforeEach(() => 2)'],
  ])('%s', (_, code) => {
    const plain = play(code)
    const marked = play(mark(code))
    const isHook = (call: unknown): boolean => (call as string[])[0] === 'beforeEach'
    expect({ ...marked, calls: marked.calls.filter(isHook) }).toEqual(plain)
  })

  test('with a mark right before each registration', () => {
    const code = 'beforeEach(() => 1)\nfor (const n of [2, 3]) beforeEach(() => n)'
    expect(play(mark(code)).calls).toEqual([
      ['mark', null],
      ['beforeEach', 1],
      ['mark', null],
      ['beforeEach', 2],
      ['mark', null],
      ['beforeEach', 3],
    ])
  })

  test('where nobody listens to marks', () => {
    const code = mark('beforeEach(() => 1)')
    const calls: unknown[] = []
    new Function('beforeEach', code)((hook: () => unknown) => calls.push(hook()))
    expect(calls).toEqual([1])
  })
})

test('a source map leads every place back to where it stood', () => {
  const code = 'let db\n  beforeEach(() => {\n    fail()\n  }, wait())\n'
  const marked = markHooks(code, 'shop.test.js', parseAst)
  if (marked === null) throw new Error('nothing was marked')
  const map = new SourceMap({ ...marked.map, file: 'shop.test.js', sourceRoot: '', sourcesContent: [code] })
  const lines = [code.split('\n'), marked.code.split('\n')] as const
  const placesOf = (text: string): unknown => {
    const line = lines[1].findIndex(content => content.includes(text))
    const entry = map.findEntry(line, (lines[1][line] ?? '').indexOf(text))
    return 'originalLine' in entry ? [entry.originalSource, entry.originalLine, entry.originalColumn] : entry
  }
  expect(['beforeEach(', 'fail()', 'wait()'].map(placesOf)).toEqual([
    ['shop.test.js', 1, 2],
    ['shop.test.js', 2, 4],
    ['shop.test.js', 3, 5],
  ])
})
