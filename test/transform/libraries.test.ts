import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { expect, test } from 'vitest'
import { describeCells, expose, runScript } from './run-source.ts'

const require = createRequire(import.meta.url)

interface Library {
  path: string
  /** Something real, done with all that the library exports. */
  use(library: Record<string, (...values: never[]) => unknown>): unknown
}

type Loose = Record<string, (...values: unknown[]) => unknown>

const source = readFileSync(require.resolve('acorn'), 'utf8')
const people = Array.from({ length: 50 }, (_, i) => ({ id: i, name: `n${i % 7}`, tags: ['a', { b: i }] }))

const libraries: Library[] = [
  {
    path: 'acorn',
    use: ({ parse }) => (parse as Loose[string])(source, { ecmaVersion: 'latest', sourceType: 'script' }),
  },
  { path: 'lodash', use: library => useLodash(library as never) },
  { path: 'js-yaml', use: library => useYaml(library as never) },
  { path: 'immer', use: library => useImmer(library as never) },
  { path: 'mobx', use: library => useMobx(library as never) },
]

function useLodash(_: Loose & ((value: unknown) => Loose)): unknown {
  const counted = _.memoize?.((n: number) => n * 2) as (n: number) => number
  return [
    _.groupBy?.(people, 'name'),
    _.cloneDeep?.(people),
    _.isEqual?.(people, _.cloneDeep?.(people)),
    (_.template as (text: string) => (data: object) => string)(
      '<% people.forEach(p => { %><%- p.name %>,<% }) %>',
    )({ people }),
    _.merge?.({}, people[0], people[1]),
    [counted(2), counted(2)],
    _.sortBy?.(people, ['name', 'id']),
    _.debounce?.toString !== undefined,
  ]
}

function useYaml({
  load,
  dump,
}: {
  load: (text: string) => unknown
  dump: (value: unknown) => string
}): unknown {
  return [dump(people), load(dump(people)), load('a: &x [1, 2]\nb: *x\nc: !!str 1\nd: {e: [null, ~, 1e3]}')]
}

function useImmer({
  produce,
}: {
  produce: (base: unknown, recipe: (draft: typeof people) => void) => unknown
}): unknown {
  return produce(people, draft => {
    for (const person of draft) person.tags.push({ b: person.id })
    draft.splice(3, 1)
  })
}

interface Mobx {
  observable: <T>(value: T) => T
  autorun: (run: () => void) => () => void
  computed: unknown
  runInAction: (run: () => void) => void
}

function useMobx({ observable, autorun, runInAction }: Mobx): unknown {
  const seen: number[] = []
  const store = observable({
    list: [1],
    get total(): number {
      return this.list.reduce((sum, n) => sum + n, 0)
    },
  })
  const stop = autorun(() => seen.push(store.total))
  runInAction(() => {
    store.list.push(2)
    store.list.push(3)
  })
  stop()
  runInAction(() => store.list.push(9))
  return [seen, store.total]
}

/** A script as Node's CommonJS loader runs it. */
function load(code: string, path: string): never {
  const module = { exports: {} }
  const wrapper = runScript(`return function (exports, require, module, __filename) {${code}\n}`)
  ;(wrapper as (...values: unknown[]) => void)(module.exports, createRequire(path), module, path)
  return module.exports as never
}

test.each(libraries)('$path does what it does without, with its state exposed', ({ path, use }) => {
  const file = entryOf(path)
  const plain = readFileSync(file, 'utf8')
  const { code, label } = expose(plain, 'commonjs')
  expect(code.split('\n')).toHaveLength(plain.split('\n').length)
  const library = load(code, file)
  expect(describeCells(label).length).toBeGreaterThan(0)
  expect(JSON.stringify(use(library))).toBe(JSON.stringify(use(load(plain, file))))
})

/** The file with the code itself, where the package's entry only chooses one. */
function entryOf(path: string): string {
  const entry = require.resolve(path)
  const chosen = /require\('(\.\/[^']*development[^']*)'\)/.exec(readFileSync(entry, 'utf8'))?.[1]
  return chosen === undefined ? entry : createRequire(entry).resolve(chosen)
}
