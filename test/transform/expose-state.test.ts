import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import type { Cell } from '../../src/heap/cells.ts'
import { sharedState } from '../../src/state.ts'
import { exposeState } from '../../src/transform/index.ts'
import { cellsOf, describeCells, expose, importSource, runScript } from './run-source.ts'

setFlagsFromString('--expose-gc')
const collect: () => void = runInNewContext('gc')

const nextTurn = (): Promise<void> => new Promise(resolve => setImmediate(resolve))

function cellOf(label: string, name: string): Cell {
  const cell = cellsOf(label).find(({ names }) => names.includes(name))
  if (cell === undefined) throw new Error(`no cell has ${name}`)
  return cell
}

/** Writes one variable through its cell, as a restore does. */
function assign(label: string, name: string, value: unknown): void {
  const cell = cellOf(label, name)
  cell.write(cell.read().with(cell.names.indexOf(name), value))
}

test('a variable of a module is read and put back, and importers see it', async () => {
  const { code, label } = expose('export let hits = 1; export const use = () => hits++', 'module')
  const module = await importSource(code)
  expect(cellOf(label, 'hits').read()).toEqual([1])
  ;(module.use as () => void)()
  expect(module.hits).toBe(2)
  assign(label, 'hits', 1)
  expect(module.hits).toBe(1)
})

test('a variable of a closure is read and put back', () => {
  const { code, label } = expose('let n = 1; return () => n++', 'commonjs')
  const { code: inner, label: innerLabel } = expose(
    'const make = () => { let n = 1; return () => n++ }; return make()',
    'commonjs',
  )
  for (const [source, name] of [
    [code, label],
    [inner, innerLabel],
  ] as const) {
    const next = runScript(source) as () => number
    next()
    expect(next()).toBe(2)
    assign(name, 'n', 1)
    expect(next()).toBe(1)
  }
})

test('private fields are read and put back, also those of a subclass, and only of objects that have them', () => {
  const { code, label } = expose(
    'class A { #n = 1; next() { return this.#n++ } } class B extends A { #m = 5; more() { return this.#m++ } } return new B()',
    'commonjs',
  )
  const object = runScript(code) as { next(): number; more(): number }
  const fields = sharedState().cells.privates.filter(found => found.label.startsWith(`${label} ›`))
  expect(fields.map(found => [found.label.slice(label.length), found.names])).toEqual([
    [' › A', ['#n']],
    [' › B', ['#m']],
  ])
  object.next()
  object.more()
  for (const found of fields) {
    expect(found.isOf({})).toBe(false)
    expect(found.isOf(object)).toBe(true)
    found.write(object, [found.names[0] === '#n' ? 1 : 5])
  }
  expect([object.next(), object.more()]).toEqual([1, 5])
})

test('static private fields are read and put back', () => {
  const { code, label } = expose(
    'return class A { static #n = 1; static next() { return A.#n++ } }',
    'commonjs',
  )
  const A = runScript(code) as { next(): number }
  A.next()
  assign(label, '#n', 1)
  expect(A.next()).toBe(1)
})

test('an object that only a closure in its own field holds is found', () => {
  const { code, label } = expose(
    'class A { list = []; add = x => this.list.push(x) } return new A().add',
    'commonjs',
  )
  const add = runScript(code) as (x: number) => number
  add(1)
  expect(cellOf(label, 'this').read()).toMatchObject([{ list: [1] }])
})

test('a class that only its own methods hold is found', () => {
  const { code, label } = expose(
    'const { push } = class A { static list = []; static push(x) { return A.list.push(x) } }; ' +
      'const { last } = class { static list = []; static last = () => this.list }; return [push, last]',
    'commonjs',
  )
  const [push, last] = runScript(code) as [(x: number) => number, () => unknown]
  push(1)
  const classes = cellsOf(label).flatMap(cell => (cell.names.includes('this') ? cell.read() : []))
  expect(classes).toEqual([expect.objectContaining({ list: [1] }), expect.objectContaining({ list: last() })])
})

test('a variable that is not initialized yet hides none of those before it, and is not given a value', () => {
  const { code, label } = expose(
    'function f(stop) { let a = 1; if (stop) return () => a++; let b = 2; return () => [a, b++] } return f(true)',
    'commonjs',
  )
  const next = runScript(code) as () => number
  const cell = cellOf(label, 'a')
  expect(cell.names).toEqual(['a', 'b'])
  expect(cell.read()).toEqual([1])
  next()
  cell.write([1])
  expect(next()).toBe(1)
})

test('a module that throws while it is evaluated leaves what it had initialized readable', async () => {
  const { code, label } = expose(
    'export const a = {}; throw new Error("no"); const b = {}; export { b }',
    'module',
  )
  await expect(importSource(code)).rejects.toThrow('no')
  expect(cellOf(label, 'a').read()).toEqual([{}])
})

test('a function of a module in an import cycle registers before the first statement of it has run', () => {
  const { code, label } = expose(
    'const early = make(); function make() { const list = []; return () => list } return early',
    'commonjs',
  )
  const early = runScript(code) as () => unknown[]
  expect(cellOf(label, 'list').read()[0]).toBe(early())
})

test('a cell lives as long as a closure over its variables', async () => {
  const { code, label } = expose(
    'const make = () => { let n = 0; return () => n++ }; return [make(), make()]',
    'commonjs',
  )
  const closures = runScript(code) as Array<(() => number) | undefined>
  expect(describeCells(label)).toHaveLength(2)
  await nextTurn()
  collect()
  expect(describeCells(label)).toHaveLength(2)
  closures.length = 1
  await nextTurn()
  collect()
  expect(describeCells(label)).toEqual(['make(): n'])
  closures.length = 0
  await nextTurn()
  collect()
  expect(describeCells(label)).toEqual([])
})

test('a cell of a turn of a loop, of a class, of an instance and of a module lives as long as they do', async () => {
  const { code, label } = expose(
    'const kept = []; for (let i = 0; i < 2; i++) kept.push(() => i++);' +
      'kept.push((() => class { static #n = {}; static m() { return this.#n } })());' +
      'kept.push(new (class { f = () => this })()); return { kept, all: () => kept }',
    'commonjs',
  )
  const module: { all?: unknown; kept: unknown[] } = runScript(code) as { all: unknown; kept: unknown[] }
  const all = [': kept', ': i', ': i', 'anonymous class: #n', 'anonymous class: this']
  await nextTurn()
  collect()
  expect(describeCells(label)).toEqual(all)
  module.kept.length = 0
  await nextTurn()
  collect()
  expect(describeCells(label)).toEqual([': kept'])
  delete module.all
  await nextTurn()
  collect()
  expect(describeCells(label)).toEqual([])
})

test('calls register nothing while registering is off', () => {
  const { cells } = sharedState()
  const { code, label } = expose(
    'let hits = 0; return () => { let n = hits++; return () => n++ }',
    'commonjs',
  )
  const make = runScript(code) as () => () => number
  cells.on = false
  try {
    expect(make()()).toBe(0)
  } finally {
    cells.on = true
  }
  expect(describeCells(label)).toEqual([': hits'])
})

test('where there is no state the code runs all the same', () => {
  const { code } = expose(
    'class A { #n = 1; static #s = []; f = () => this.#n; static s() { return this.#s } } let n = 0; const c = () => { const l = []; return () => l.push(n++) }; return [new A().f(), A.s(), c()()]',
    'commonjs',
  )
  expect(runInNewContext(`(function () { ${code} })()`)).toEqual([1, [], 1])
})

test('names that the module gives to something of its own', async () => {
  const { code, label } = expose(
    'const Symbol = { for: 1 }; class Array {} export let n = [Symbol, Array]; export const f = () => (n = null)',
    'module',
  )
  await importSource(code)
  expect(cellOf(label, 'n').names).toContain('Symbol')
  const other = expose('const globalThis = {}; export let n = 0; export const f = () => n++', 'module')
  await importSource(other.code)
  expect(cellOf(other.label, 'n').names).toContain('globalThis')
})

const unchanged: Array<[string, string]> = [
  ['nothing to expose', 'import a from "a"; export * from "b"; console.log(a, 1 + 1)'],
  ['no code', ''],
  ['a syntax error', 'let a = ; function f() {}'],
  ['TypeScript', 'let a: string = ""; export const f = () => (a = "b")'],
]
test.each(unchanged)('%s: nothing is changed', (_title, source) => {
  expect(exposeState(source, { id: 'a.js', label: 'a.js' })).toBeNull()
})

const prologue = /var \$fp;function.*\(\)=>\{\}\);/
const beginnings: Array<[string, string, string]> = [
  ['#! lines', '#!/usr/bin/env node\nlet a = []', '#!/usr/bin/env node\n|let a = []'],
  ['directives', "'use strict'\nlet a = []", "'use strict';|\nlet a = []"],
  [
    'imports',
    'import "x"\nimport y from "y" // y\nlet a = []',
    'import "x"\nimport y from "y";| // y\nlet a = []',
  ],
  ['comments', '/* istanbul ignore next */\nvar a = []', '|/* istanbul ignore next */\nvar a = []'],
]
test.each(beginnings)(
  'what is added stays behind %s, and comments beside what they are about',
  (_what, source, expected) => {
    const exposed = exposeState(source, { id: 'a.js', label: 'a.js' })
    expect(exposed?.code.replace(prologue, '|')).toBe(expected)
  },
)

test('a file of 100,000 lines, and code that is nested very deeply', () => {
  const lines = Array.from({ length: 100_000 }, (_, i) =>
    i % 20 === 0 ? `const f${i} = n => () => n++` : `f0([${i}])`,
  ).join('\n')
  expect(exposeState(lines, { id: 'a.js', label: 'a.js' })?.code.split('\n')).toHaveLength(100_000)
  const sum = `let t = []; const f = () => (t = ${Array(50_000).fill('t').join('+')})`
  expect(exposeState(sum, { id: 'a.js', label: 'a.js' })?.code).toContain('mod("a.js",["t"]')
})
