// What exposing the state of a library costs: the code grows, it takes time once (then it is cached), and what the library does
// takes longer: a little always, and more while a setup runs, when each call registers the variables that closures hold.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { setImmediate } from 'node:timers/promises'
import { median, medianRatio } from '../support/time-runs.mjs'

const { loadTransform, sharedState } = await import(new URL('../../dist/adapter.mjs', import.meta.url))
const require = createRequire(import.meta.url)
const source = readFileSync(require.resolve('acorn'), 'utf8')
const people = Array.from({ length: 2000 }, (_, i) => ({ id: i, name: `n${i % 70}`, tags: ['a', { b: i }] }))

const LIBRARIES = [
  {
    name: 'acorn',
    does: 'parses itself',
    run: ({ parse }) => parse(source, { ecmaVersion: 'latest' }),
  },
  {
    name: 'lodash',
    does: 'clones, groups, sorts, compares',
    run(_) {
      const copy = _.cloneDeep(people)
      _.groupBy(copy, 'name')
      _.sortBy(copy, ['name', 'id'])
      _.isEqual(copy, people)
    },
  },
  {
    name: 'js-yaml',
    does: 'writes and reads 2,000 records',
    run: ({ dump, load }) => load(dump(people)),
  },
  {
    name: 'immer',
    file: './immer.cjs.development.js',
    does: 'changes 2,000 records',
    run({ produce }) {
      produce(people, draft => {
        for (const person of draft) person.tags.push({ b: 0 })
      })
    },
  },
  {
    name: 'mobx',
    file: './mobx.cjs.development.js',
    does: 'recomputes a sum 200 times',
    run({ autorun, observable, runInAction }) {
      const store = observable({
        list: [],
        get total() {
          return this.list.reduce((sum, n) => sum + n, 0)
        },
      })
      const stop = autorun(() => store.total)
      for (let i = 0; i < 200; i++) runInAction(() => store.list.push(i))
      stop()
    },
  },
]

function load(code, path) {
  const module = { exports: {} }
  new Function('exports', 'require', 'module', code)(module.exports, createRequire(path), module)
  return module.exports
}

function time(run) {
  const start = performance.now()
  run()
  return performance.now() - start
}

function pathOf({ name, file }) {
  const entry = require.resolve(name)
  return file === undefined ? entry : createRequire(entry).resolve(file)
}

async function measure(library, { exposeState, cells, rounds }) {
  const path = pathOf(library)
  const code = readFileSync(path, 'utf8')
  const expose = () => exposeState(code, { id: path, label: library.name, sourceType: 'commonjs' })
  const transformMs = median(Array.from({ length: rounds }, () => time(expose)))
  const exposed = expose()
  const plain = load(code, path)
  const transformed = load(exposed.code, path)
  const variants = {
    plain: () => library.run(plain),
    off() {
      cells.on = false
      library.run(transformed)
    },
    on() {
      cells.on = true
      library.run(transformed)
    },
  }
  const times = { plain: [], off: [], on: [] }
  const names = Object.keys(variants)
  for (let round = -6; round < rounds; round++) {
    // Each is first as often as the others: what one leaves to collect is paid for by the next.
    names.push(names.shift())
    for (const name of names) {
      const ms = time(variants[name])
      if (round >= 0) times[name].push(ms)
      // What nothing holds on to can be collected only in another turn of the event loop.
      await setImmediate()
    }
  }
  cells.list()
  const before = cells.list().length
  library.run(transformed)
  const registered = cells.list().length - before
  return {
    library: library.name,
    does: library.does,
    kB: Math.round(code.length / 1000),
    growth: Number((exposed.code.length / code.length).toFixed(2)),
    transformMs: Number(transformMs.toFixed(1)),
    plainMs: Number(median(times.plain).toFixed(2)),
    offRatio: Number(medianRatio(times.off, times.plain).toFixed(2)),
    onRatio: Number(medianRatio(times.on, times.plain).toFixed(2)),
    registered,
  }
}

export async function run({ rounds, only }) {
  const { exposeState } = await loadTransform()
  const { cells } = sharedState()
  const rows = []
  for (const library of LIBRARIES)
    if (only === undefined || library.name === only)
      rows.push(await measure(library, { exposeState, cells, rounds }))
  return rows
}
