import { afterEach, beforeEach, expect, test } from 'vitest'
import type { annotate } from '../../src/annotations/annotate.ts'
import { ForkpointError } from '../../src/errors.ts'
import { sharedState } from '../../src/state.ts'
import { annotateFunctions } from '../../src/transform/index.ts'
import { importSource } from './run-source.ts'

/** What transformed code has said of its functions: the place of `annotate()`, which has tests of its own. */
const told: string[] = []
const tell: typeof annotate = (functions, tag) => {
  if ('problem' in tag) {
    told.push(`${tag.site}: ${tag.problem}`)
    return functions
  }
  const entries = Object.entries(functions).map(([name, fn]) => {
    const { call, nature, why } = tag
    told.push(`${nature} ${call} [${name}, ${(fn as { name: string }).name}]: ${why}`)
    return [name, (...args: unknown[]) => [call, (fn as (...args: unknown[]) => unknown)(...args)]]
  })
  return Object.fromEntries(entries)
}

beforeEach(() => {
  told.length = 0
  sharedState().annotate = tell
})
afterEach(() => {
  sharedState().annotate = null
})

function annotated(code: string, file = 'src/mail.js'): string {
  return annotateFunctions(code, { id: `/project/${file}`, label: file })?.code ?? 'not changed'
}

test('functions that are declared, given to a name, or members of something, are annotated under their names', async () => {
  const code = annotated(`
    export const early = hoisted(1)
    /** @rollback safe — reads only */
    export function hoisted(x) { return x }
    /**
     * Sends.
     *
     * @param to whom
     * @rollback unsafe — a mail is on its way,
     *   whatever comes
     * @returns nothing
     */
    export const send = async to => to
    /** @rollback safe: an expression */
    const other = function () {}
    /** @rollback compensable -- takes itself back */
    // and a line between them
    export default function () { return 'default' }
    export class Mailer {
      /** @rollback unsafe — a method */
      post() { return this instanceof Mailer }
      /** @rollback safe — a static one */ static make() {}
      /** @rollback safe — a field */
      field = () => this
    }
    export const object = {
      /** @rollback safe — shorthand */
      async short() {},
      /** @rollback safe — a property */ 'long name': () => 1,
    }
    object.use = use(/** @rollback safe — an argument */ () => 2)
    /** @rollback safe — assigned */
    object.late = () => 3
    function use(fn) { return fn }
    {
      /** @rollback safe — in a block */
      function inner() {}
    }
  `)
  const module = await importSource(code)
  expect(told.sort()).toEqual([
    'compensable default [default, default]: takes itself back',
    'safe Mailer.make [make, make]: a static one',
    'safe anonymous function [, ]: an argument',
    'safe hoisted [hoisted, hoisted]: reads only',
    'safe inner [inner, inner]: in a block',
    'safe late [late, late]: assigned',
    'safe long name [long name, long name]: a property',
    'safe other [other, other]: an expression',
    'safe short [short, short]: shorthand',
    'unsafe Mailer.post [post, post]: a method',
    'unsafe send [send, send]: a mail is on its way, whatever comes',
  ])
  expect(module.early).toEqual(['hoisted', 1])
  expect((module.default as () => unknown)()).toEqual(['default', 'default'])
  const { Mailer, object } = module as {
    Mailer: new () => Record<string, () => unknown>
    object: Record<string, () => unknown>
  }
  const mailer = new Mailer()
  told.length = 0
  expect(mailer.field?.()).toEqual(['Mailer.field', mailer])
  expect(told).toEqual([])
  expect(Object.keys(Mailer.prototype)).toEqual([])
  expect(object.use?.()).toEqual(['anonymous function', 2])
})

test('without a guard the functions are what they were', async () => {
  sharedState().annotate = null
  const code = annotated(`
    /** @rollback safe — reads only */
    export function f(a, b) { return [this?.x, a, b] }
    export class A { /** @rollback safe — reads only */ m() { return this } }
  `)
  const { f, A } = (await importSource(code)) as {
    f: (...args: unknown[]) => unknown
    A: new () => { m(): unknown }
  }
  expect([f.name, f.length, f.call({ x: 1 }, 2, 3)]).toEqual(['f', 2, [1, 2, 3]])
  const a = new A()
  expect(a.m()).toBe(a)
})

test('a tag that is before no function that can be annotated is told of when the module runs', async () => {
  await importSource(
    annotated(`'use strict'
      import 'node:fs'
      /** @rollback safe — a number */
      const n = 1
      /** @rollback sfe — a typing error */
      function typo() {}
      /** @rollback */
      function nothing() {}
      /** @rollback safe — many values */
      function* values() {}
      class A {
        /** @rollback safe — nobody can replace it */
        #secret() { return this.#secret }
        /** @rollback safe — made anew */
        constructor() {}
        /** @rollback safe — looks like a value */
        get size() { return 1 }
      }
      const child = { __proto__: { m() {} }, /** @rollback safe — of its parent */ m() { super.m() } }
      /** @rollback safe — the end */
    `),
  )
  const natures = '`safe`, `compensable` or `unsafe`'
  expect(told).toEqual([
    'src/mail.js:3: it stands before no function',
    `src/mail.js:5: \`sfe\` is none: ${natures}`,
    `src/mail.js:7: it names no nature: ${natures}`,
    'src/mail.js:9: it is a generator, whose body runs when others ask for its values',
    "src/mail.js:12: a method with a private or computed name can't be annotated",
    "src/mail.js:14: a constructor can't be annotated",
    "src/mail.js:16: a getter can't be annotated",
    'src/mail.js:19: it uses `super`, which belongs to its object',
    'src/mail.js:20: it stands before no function',
  ])
})

test('types: overloads, what is abstract, `as` and `satisfies`; lines stay where they are', () => {
  const source = `
    type Handler = (to: string) => void
    /** @rollback safe — of all its signatures */
    export function over(a: string): void
    export function over(a: number): void
    export function over(a: unknown): void {}
    /** @rollback safe — cast */
    const cast = ((to: string) => {}) as Handler
    abstract class A {
      /** @rollback safe — nothing yet */
      abstract later(): void
      /** @rollback safe — overloaded */
      m(a: string): void
      m(a: unknown): void {}
    }
    declare function declared(): void
  `
  const code = annotated(source, 'src/mail.ts')
  expect(code.split('\n').length).toBe(source.split('\n').length)
  expect(code).toContain('.find(Boolean)({ over }')
  expect(code).toContain('.find(Boolean)({ "cast": ((to: string) => {}) as Handler }')
  expect(code).toContain('m(a: unknown): void {} static { this.prototype["m"] = ')
  expect(code).toContain('"problem":"`later` has no body"')
  expect(annotated('/** @rollback safe — markup */ const f = () => <p/>', 'src/view.tsx')).toContain('<p/> }')
})

test('a tag without a reason is an error that names file and line', () => {
  const code = `
    /**
     * Sends.
     * @rollback unsafe —
     * @param to whom
     */
    function send(to) {}
  `
  expect(() => annotated(code)).toThrow(ForkpointError)
  expect(() => annotated(code)).toThrow(
    '[forkpoint] Failed to read `@rollback unsafe` at src/mail.js:4: the reason is missing. Say in a few words why this is ' +
      'right, for the next reader: `@rollback unsafe — why` (ERR_FORKPOINT_OPTION)',
  )
})

test('a file that has tags and can not be parsed is an error; what only mentions the word is left alone', () => {
  expect(() => annotated('/** @rollback safe — x */ function f( {}')).toThrow(
    /^\[forkpoint\] Failed to read `@rollback` at src\/mail.js:1: the file can't be parsed \(.+\)\. Use/,
  )
  for (const code of [
    '// @rollback safe — a comment that documents nothing\nfunction f() {}',
    '/* @rollback safe — nor does this */ function f() {}',
    '/** See the tag @rollback, or {@rollback}. */ function f() {}',
    '/** @rollbacks too */ function f() {}',
    "const text = '/** @rollback safe */'",
  ]) {
    expect(annotated(code), code).toBe('not changed')
  }
  expect(annotated('/** @rollback safe — x */ function f() {}', 'src/page.vue')).toBe('not changed')
})
