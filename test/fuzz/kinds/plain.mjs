import { forGood, nameOf, onProperties, onPrototype } from './changes.mjs'

const row = (x, t) => x[t.int(9)]

export const plain = {
  object: {
    build: t => ({ a: t.value(), b: { n: t.int(9) }, [Symbol.for('s')]: t.value() }),
    changes: [
      ...onProperties,
      ...onPrototype,
      x => x.b.n++,
      x => {
        x.b = x
      },
    ],
    forGood,
  },

  dictionary: {
    build: t => Object.fromEntries(Array.from({ length: 20 + t.int(30) }, (_, i) => [`k${i}`, i])),
    changes: [
      ...onProperties,
      (x, t) => {
        for (const key of Object.keys(x).slice(t.int(20))) delete x[key]
      },
    ],
    forGood,
  },

  bare: { build: () => Object.assign(Object.create(null), { a: 1 }), changes: onProperties, forGood },

  array: {
    build: t => [t.value(), t.int(9), t.value(), t.value()],
    changes: [
      ...onProperties,
      ...onPrototype,
      (x, t) => x.push(t.value()),
      x => x.reverse(),
      (x, t) => x.splice(t.int(3), t.int(3), t.value()),
      (x, t) => {
        x.length = t.int(9)
      },
      x => x.fill(1.5),
      (x, t) => delete x[t.int(4)],
      x => {
        x[100000] = 1
      },
      (x, t) => Object.defineProperty(x, t.int(4), { get: () => 5, configurable: true }),
    ],
    forGood: [...forGood, [/unwritable/, x => Object.defineProperty(x, 'length', { writable: false })]],
  },

  holes: {
    build: t => Object.assign(new Array(6), { 1: t.value(), 4: t.int(9) }),
    changes: [
      ...onProperties,
      (x, t) => {
        x[t.int(6)] = t.value()
      },
      (x, t) => delete x[t.int(6)],
      x => x.pop(),
    ],
    forGood,
  },

  records: {
    // So many that they get code of their own.
    build: t => Array.from({ length: 9 + t.int(12) }, (_, i) => ({ id: i, name: `n${i}`, next: null })),
    changes: [
      (x, t) => {
        row(x, t).id = t.value()
      },
      (x, t) => {
        row(x, t).next = row(x, t)
      },
      x => {
        for (const each of x) each.name += '!'
      },
      x => {
        for (const each of x) each.extra = 1
      },
      (x, t) => delete row(x, t).id,
      (x, t) => t.pick(onProperties)(row(x, t), t),
      (x, t) => onPrototype[0](row(x, t), t),
    ],
    forGood: forGood.map(([why, change]) => [why, (x, t) => change(row(x, t), t)]),
  },

  chain: {
    build: t => Array.from({ length: 20 + t.int(50) }).reduce(next => ({ next, n: 1 }), null),
    changes: [
      x => x.next.next.next.n++,
      x => {
        x.next.next = null
      },
      x => {
        x.next.next.next = x
      },
    ],
  },

  date: {
    build: t => new Date(t.int(1e6)),
    changes: [...onProperties, (x, t) => x.setTime(t.int(1e6)), x => x.setFullYear(Number.NaN)],
    forGood,
  },

  pattern: {
    build: () => /a(b)?/gy,
    changes: [
      ...onProperties,
      x => x.exec('aabab'),
      x => {
        x.lastIndex = 'odd'
      },
      x => x.compile('c+', 'i'),
    ],
  },

  error: {
    build: t => new (t.pick([Error, TypeError, RangeError]))('m', { cause: t.value() }),
    changes: [
      ...onProperties,
      x => {
        x.message += '!'
      },
      x => delete x.message,
      x => {
        x.cause = x
      },
      x => delete x.stack,
      x => {
        x.name = 'Own'
      },
    ],
    forGood,
  },

  aggregate: {
    build: t => new AggregateError([t.value(), new Error('e')]),
    changes: [...onProperties, x => x.errors.push(1)],
  },

  boxed: {
    build: t => Object(t.pick(['abc', 1, true, 5n, Symbol.for('b')])),
    changes: [
      (x, t) => {
        x[nameOf(t)] = t.value()
      },
      (x, t) => delete x[nameOf(t)],
      (x, t) => {
        x[7] = t.value()
      },
    ],
    forGood,
  },

  arguments: {
    build: t =>
      (function () {
        // biome-ignore lint/complexity/noArguments: this is the kind of state
        return arguments
      })(t.value(), t.value()),
    changes: [
      ...onProperties,
      x => {
        x[0] = 'changed'
      },
      x => {
        x.length = 7
      },
      x => delete x[1],
    ],
  },

  accessor: {
    build: t => {
      let reads = 0
      const held = t.value()
      const get = () => [++reads, held]
      return Object.defineProperty({}, 'live', { get, configurable: t.int(2) === 0 })
    },
    changes: [
      x => x.live,
      (x, t) => Object.defineProperty(x, 'live', { value: t.int(5), configurable: true }),
      (x, t) => {
        x[nameOf(t)] = 1
      },
    ],
    reads: [x => x.live],
  },

  frozen: {
    build: t => Object.freeze({ a: t.int(9), inner: { b: t.value() }, list: [1] }),
    changes: [
      x => {
        x.inner.b = 'changed'
      },
      x => x.list.push(2),
      x => {
        x.a = 2
      },
      x => delete x.a,
    ],
  },

  sealed: {
    build: t => Object.seal({ a: t.int(9), b: t.value() }),
    changes: [
      (x, t) => {
        x.a = t.value()
      },
      x => {
        x.c = 2
      },
      x => delete x.b,
    ],
    forGood: [[/unwritable/, x => Object.freeze(x)]],
  },

  symbolKeyed: {
    build: (t, own) => {
      own.key = Symbol('own')
      return { [own.key]: t.value(), [Symbol('other')]: 1 }
    },
    changes: [
      (x, t, own) => {
        x[own.key] = t.value()
      },
      (x, _, own) => delete x[own.key],
      x => {
        x[Symbol.toStringTag] = 'Odd'
      },
    ],
  },
}
