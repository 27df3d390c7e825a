import { EventEmitter } from 'node:events'
import { forGood, nameOf, onProperties, onPrototype } from './changes.mjs'

const PROXY = [
  target => new Proxy(target, {}),
  (target, log) =>
    new Proxy(target, {
      get(object, key) {
        log.push(String(key))
        return object[key]
      },
    }),
  target => new Proxy(target, { ownKeys: object => Reflect.ownKeys(object).reverse() }),
  () =>
    new Proxy(() => 1, {
      n: 0,
      apply() {
        return ++this.n
      },
    }),
  () => new Proxy([1, 2], { deleteProperty: () => false }),
]

const rename = x => Object.defineProperty(x, 'name', { value: 'renamed', configurable: true })

export const functions = {
  counter: {
    build: () => {
      let n = 0
      return () => ++n
    },
    changes: [x => x(), ...onProperties],
    reads: [x => x()],
    forGood,
  },

  account: {
    build: t => {
      let last = t.value()
      const log = []
      return {
        get last() {
          return last
        },
        set last(value) {
          log.push(value)
          last = value
        },
        log: () => [...log],
      }
    },
    changes: [
      (x, t) => {
        x.last = t.value()
      },
      x => delete x.last,
    ],
    reads: [x => x.last, x => x.log()],
  },

  tagged: {
    build: t =>
      Object.assign(
        function named(a) {
          return a
        },
        { a: t.value(), calls: [] },
      ),
    changes: [
      ...onProperties,
      x => x.calls.push(1),
      x => {
        x.prototype = { other: 1 }
      },
      x => {
        x.prototype.added = 1
      },
      rename,
    ],
    forGood,
  },

  arrow: {
    build: t => {
      const step = t.int(9)
      return (a, b = step) => a + b
    },
    changes: [...onProperties, rename],
    reads: [x => x(1)],
    forGood,
  },

  class: {
    build: t => {
      const first = t.value()
      class Base {
        base = 1
        hello() {
          return 'base'
        }
      }
      return class Account extends Base {
        static #opened = 0
        static list = []
        #balance = first
        #log = [1]
        constructor() {
          super()
          Account.#opened++
          Account.list.push(this)
        }
        draw(value) {
          this.#balance = value
          this.#log.push(value)
        }
        peek() {
          return [this.#balance, this.#log, Account.#opened]
        }
      }
    },
    changes: [
      ...onProperties,
      x => new x(),
      (x, t) => (x.list[0] ?? new x()).draw(t.value()),
      x => {
        x.prototype.draw = () => 'replaced'
      },
      x => Object.setPrototypeOf(x.prototype, { hello: () => 'other' }),
      x => delete x.prototype.peek,
      x => {
        x.list = []
      },
    ],
    reads: [x => x.list.map(each => each.peek?.()), x => new x().hello?.()],
    forGood,
  },

  instance: {
    build: t => {
      const first = t.value()
      return new (class Box {
        #value = first
        static made = 0
        put(value) {
          this.#value = value
          Box.made++
        }
        peek() {
          return [this.#value, Box.made]
        }
      })()
    },
    changes: [
      ...onProperties,
      (x, t) => x.put(t.value()),
      ...onPrototype,
      x => {
        x.constructor.made = -0
      },
    ],
    reads: [x => x.peek()],
    forGood,
  },

  bound: {
    build: t => {
      if (t.int(2)) {
        return function () {
          return ++this.n
        }.bind({ n: 0 })
      }
      return ((state, step) => (state.n += step)).bind(null, { n: 0 }, 2)
    },
    changes: [x => x(), ...onProperties],
    reads: [x => x()],
    forGood,
  },

  memo: {
    build: (_, own) => {
      own.key = {}
      const cache = new Map()
      const byObject = new WeakMap()
      return {
        byName: name => cache.get(name) ?? cache.set(name, { hits: cache.size }).get(name),
        byObject(key) {
          if (!byObject.has(key)) byObject.set(key, { hits: 0 })
          return ++byObject.get(key).hits
        },
      }
    },
    changes: [
      (x, t) => {
        x.byName(nameOf(t)).hits += 10
      },
      (x, _, own) => x.byObject(own.key),
    ],
    reads: [x => x.byName('a').hits, (x, own) => x.byObject(own.key)],
  },

  turns: {
    build: t => {
      const made = []
      for (let turn = 0; turn < 3; turn++) {
        const held = { n: t.int(5) }
        made.push(() => [++turn, ++held.n])
      }
      return made
    },
    changes: [(x, t) => x[t.int(3)]()],
    reads: [x => x.map(each => each())],
  },

  caught: {
    build: t => {
      const value = t.value()
      try {
        throw { value }
      } catch (held) {
        return {
          get: () => held,
          set(next) {
            // biome-ignore lint/suspicious/noCatchAssign: a variable as any other
            held = next
          },
        }
      }
    },
    changes: [(x, t) => x.set(t.value())],
    reads: [x => x.get()],
  },

  classArrow: {
    build: t => {
      const first = t.int(9)
      return new (class {
        n = { v: first }
        step = () => ++this.n.v
      })().step
    },
    changes: [x => x()],
    reads: [x => x()],
  },

  constructorThis: {
    build: t => {
      const first = t.int(9)
      return function () {
        this.v = first
        return () => ++this.v
      }.call({})
    },
    changes: [x => x()],
    reads: [x => x()],
  },

  proxy: {
    build: (t, own) => {
      Object.assign(own, { target: { a: t.value(), n: 1 }, log: [] })
      return t.pick(PROXY)(own.target, own.log)
    },
    changes: [
      (x, t) => {
        x[nameOf(t)] = t.value()
      },
      (x, t) => delete x[nameOf(t)],
      x => x.n++,
      (_, __, own) => {
        own.target.direct = 1
      },
      x => x.push?.(3),
      x => 'a' in x,
      x => x(),
    ],
    reads: [x => (typeof x === 'function' ? x() : 0)],
  },

  revocable: {
    build: () => Proxy.revocable({ a: 1 }, {}),
    changes: [
      x => {
        x.proxy.a = 2
      },
      x => {
        x.zz = 1
      },
    ],
    forGood: [[/revoked/, x => x.revoke()]],
  },

  emitter: {
    build: (_, own) => {
      own.heard = []
      const { heard } = own
      const emitter = new EventEmitter()
      return emitter.on('news', value => heard.push(value)).once('news', () => heard.push('once'))
    },
    changes: [
      (x, t) => x.emit('news', t.int(9)),
      x => x.removeAllListeners('news'),
      x => x.on('other', () => {}),
      x => x.setMaxListeners(3),
      x => x.prependListener('news', () => {}),
    ],
    reads: [x => x.listenerCount('news')],
  },

  generator: {
    build: t => {
      const first = t.int(9)
      function* count() {
        for (let i = first; ; i++) yield i
      }
      const numbers = count()
      numbers.next()
      return numbers
    },
    changes: [x => x.next()],
    reads: [x => x.next().value],
    refused: /generator/,
  },

  iterator: {
    build: t =>
      t.pick([
        new Map([['a', 1]]).keys(),
        new Set([1, 2]).values(),
        [1, 2, 3].values(),
        'abc'[Symbol.iterator](),
      ]),
    changes: [x => x.next()],
    reads: [x => JSON.stringify(x.next())],
    refused: /iterator/,
  },
}
