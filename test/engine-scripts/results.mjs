// What comes back from a run.
import { createHash, scrypt } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { inspect, promisify } from 'node:util'
import { gunzip, gzip } from 'node:zlib'
import { checkpoint } from 'forkpoint'
import { errorOf, runScenario } from './scenario.mjs'

const point = await checkpoint()
const hash = bytes => createHash('sha256').update(bytes).digest('hex')
const show = value => inspect(value, { compact: true, breakLength: Infinity })
const cyclic = { name: 'cyclic' }
cyclic.self = cyclic

class Cart {
  items = ['tea']
  #owner = 'ada'
  get owner() {
    return this.#owner
  }
}

class StockError extends RangeError {
  name = 'StockError'
  article = 'tea'
}

const values = {
  nothing: undefined,
  numbers: [null, 1.5, -0, Number.NaN, Infinity, 10n ** 20n],
  text: 'déjà vu \0 \u{1f600} \ud800',
  date: new Date(0),
  pattern: /a+/giu,
  holes: Object.assign([1], { 3: 4 }),
  map: new Map([[{ key: 1 }, new Set(['a', new Set()])]]),
  boxed: [Object(1), Object('a'), Object(false), Object(1n)],
  cyclic,
  instance: new Cart(),
  accessor: {
    get sum() {
      return 1 + 1
    },
  },
}

function failWith(error) {
  return point.run(() => {
    throw error
  })
}

await runScenario({
  async values() {
    const shown = {}
    for (const [name, value] of Object.entries(values)) shown[name] = show(await point.run(() => value))
    return shown
  },

  async views() {
    const bytes = new Uint8Array([1, 0, 2, 0]).buffer
    const views = [
      'a',
      Buffer.from('ab'),
      new Uint16Array(bytes, 2),
      new BigInt64Array(1),
      new DataView(bytes, 1, 2),
    ]
    const back = await point.run(() => views)
    return back
      .slice(1)
      .map(view => [
        view.constructor.name,
        Buffer.from(view.buffer, view.byteOffset, view.byteLength).toString('hex'),
        view.buffer.byteLength,
      ])
  },

  async identity() {
    const shared = { n: 1 }
    const [a, b] = await point.run(() => [shared, shared])
    return { sameInside: a === b, copied: a !== shared }
  },

  // biome-ignore lint/suspicious/noThenProperty: what a query builder returns, to be awaited
  thenable: () => point.run(() => ({ then: resolve => resolve('resolved') })),

  async error() {
    const error = await failWith(new StockError('none left', { cause: new TypeError('no tea') })).catch(
      e => e,
    )
    return {
      isError: error instanceof Error,
      class: error.constructor.name,
      name: error.name,
      message: error.message,
      stack: error.stack.split('\n', 1),
      cause: `${error.cause}`,
      fields: Object.keys(error),
    }
  },

  async thrown() {
    const shown = []
    for (const thrown of ['text', undefined, null, 7, { code: 1 }]) {
      await failWith(thrown).catch(error => shown.push(show(error)))
    }
    return shown
  },

  async unsendable() {
    const secret = new WeakMap()
    const broken = {
      get value() {
        throw new RangeError('not today')
      },
    }
    return [
      await errorOf(point.run(() => () => 1)),
      await errorOf(point.run(() => ({ list: [Symbol('mine')] }))),
      await errorOf(point.run(() => secret)),
      await errorOf(point.run(() => Promise)),
      await errorOf(point.run(() => broken)),
      await errorOf(failWith(Symbol('thrown'))),
      await point.run(() => 'the next run'),
    ]
  },

  async large() {
    const bytes = Buffer.alloc(10e6, 'large values ')
    const text = 'é'.repeat(5e6)
    const list = Array.from({ length: 100_000 }, (_, id) => ({ id, name: `row ${id}` }))
    const back = await point.run(() => ({ bytes, text, list }))
    return {
      bytes: hash(back.bytes) === hash(bytes),
      text: back.text === text,
      list: hash(JSON.stringify(back.list)) === hash(JSON.stringify(list)),
    }
  },

  asynchronous: () =>
    point.run(async () => {
      const steps = []
      await new Promise(resolve => process.nextTick(resolve))
      steps.push('tick')
      await new Promise(resolve => setImmediate(resolve))
      steps.push('immediate')
      await delay(5)
      steps.push('timer')
      const folder = await mkdtemp(join(tmpdir(), 'forkpoint-'))
      await writeFile(join(folder, 'note'), 'file')
      steps.push(await readFile(join(folder, 'note'), 'utf8'))
      await rm(folder, { recursive: true })
      steps.push(`${await promisify(gunzip)(await promisify(gzip)('zlib'))}`)
      steps.push((await promisify(scrypt)('password', 'salt', 4)).length)
      return steps
    }),
})
