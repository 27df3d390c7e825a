import { forGood, nameOf, onProperties } from './changes.mjs'

const DETACH = [/detached/, x => structuredClone(x.buffer ?? x, { transfer: [x.buffer ?? x] })]
const bytesOf = t => [t.int(256), t.int(256), t.int(256), t.int(256)]

/** Written through methods of their own. */
const SUBCLASSES = [
  () =>
    new (class Bag extends Map {
      total = 0
      put(key, value) {
        this.total++
        super.set(key, value)
      }
    })([['a', 1]]),
  () =>
    new (class Tags extends Set {
      #seen = 0
      put(key) {
        this.#seen++
        super.add(key)
      }
      get seen() {
        return this.#seen
      }
    })(['a']),
  () =>
    Object.assign(
      new (class List extends Array {
        extra = 1
        put(key) {
          this.push(key)
        }
      })(),
      { 0: 1, 1: 2 },
    ),
  () =>
    new (class Moment extends Date {
      zone = 1
      put() {
        this.setTime(5)
      }
    })(0),
  () =>
    new (class Fault extends Error {
      code = 'E'
      put(key) {
        this.code = key
      }
    })('m'),
  () =>
    new (class Bytes extends Uint8Array {
      label = 1
      put(key) {
        this[0] = 9
        this.label = key
      }
    })(4),
  () =>
    new (class Later extends Promise {
      tries = 0
      put() {
        this.tries++
      }
    })(resolve => resolve(1)),
]

export const collections = {
  map: {
    build: t =>
      new Map([
        ['a', t.value()],
        [t.value(), 2],
        ['k1', new Map()],
      ]),
    changes: [
      ...onProperties,
      (x, t) => x.set(nameOf(t), t.value()),
      (x, t) => x.delete(nameOf(t)),
      x => x.clear(),
      x => {
        const held = x.get('a')
        x.delete('a')
        x.set('a', held)
      },
      x => x.get('k1').set(x, 1),
    ],
    forGood,
  },

  set: {
    build: t => new Set(['a', t.value(), 'b']),
    changes: [...onProperties, (x, t) => x.add(t.value()), (x, t) => x.delete(nameOf(t)), x => x.clear()],
    forGood,
  },

  weakMap: {
    build: (t, own) => {
      Object.assign(own, { key: { n: 1 }, late: {} })
      return new WeakMap([[own.key, t.value()]])
    },
    changes: [
      ...onProperties,
      (x, t, own) => x.set(t.pick([own.key, own.late]), t.value()),
      (x, _, own) => x.delete(own.key),
      (x, _, own) => {
        x.get(own.key).changed = 1
      },
    ],
    reads: [(x, own) => x.get(own.key), (x, own) => x.has(own.late), (x, own) => x.get(own.late)],
    forGood,
  },

  weakSet: {
    build: (_, own) => {
      Object.assign(own, { key: { n: 1 }, late: {} })
      return new WeakSet([own.key])
    },
    changes: [
      (x, t, own) => x.add(t.pick([own.key, own.late])),
      (x, t, own) => x.delete(t.pick([own.key, own.late])),
    ],
    reads: [(x, own) => x.has(own.key), (x, own) => x.has(own.late)],
  },

  weakRef: {
    build: (t, own) => {
      own.target = { n: t.value() }
      return new WeakRef(own.target)
    },
    changes: [
      x => {
        x.deref().n = 'changed'
      },
      ...onProperties,
    ],
    reads: [x => x.deref()],
  },

  subclassed: {
    build: t => t.pick(SUBCLASSES)(),
    changes: [
      (x, t) => x.put(nameOf(t), t.value()),
      (x, t) => {
        x[nameOf(t)] = t.value()
      },
      x => delete x.total,
    ],
    reads: [x => x.seen, x => x.size],
    forGood,
  },

  typedArray: {
    build: t => new (t.pick([Uint8Array, Int16Array, Uint8ClampedArray, Float64Array]))(bytesOf(t)),
    changes: [
      (x, t) => {
        x[t.int(4)] = t.int(256)
      },
      x => x.reverse(),
      (x, t) => {
        x[nameOf(t)] = t.value()
      },
      x => new DataView(x.buffer).setInt16(1, -2),
      x => {
        x.buffer.extra = 1
      },
    ],
    forGood: [DETACH],
  },

  buffer: {
    build: t => (t.int(2) ? Buffer.from(bytesOf(t)) : Buffer.alloc(70000 + t.int(9), 1).subarray(69990)),
    changes: [
      (x, t) => {
        x[t.int(4)] = t.int(256)
      },
      x => x.fill('ab'),
      x => x.swap16(),
      x => {
        x.zz = 1
      },
    ],
  },

  resizable: {
    build: t => new ArrayBuffer(4 + t.int(8), { maxByteLength: 32 }),
    changes: [
      (x, t) => x.resize(t.int(32)),
      (x, t) => {
        new Uint8Array(x)[0] = t.int(256)
      },
      (x, t) => {
        x[nameOf(t)] = t.value()
      },
    ],
    forGood: [DETACH],
  },

  shared: {
    build: t => new Int32Array(new SharedArrayBuffer(8 + 4 * t.int(3))),
    changes: [(x, t) => Atomics.add(x, t.int(2), 5), x => x.fill(-1)],
  },

  wasm: {
    build: t => ({
      memory: new WebAssembly.Memory({ initial: 1, maximum: 4 }),
      global: new WebAssembly.Global({ value: 'i32', mutable: true }, t.int(9)),
      table: new WebAssembly.Table({ element: 'externref', initial: 3 }),
    }),
    changes: [
      (x, t) => {
        new Uint8Array(x.memory.buffer)[t.int(5)] = 7
      },
      x => x.global.value++,
      (x, t) => x.table.set(t.int(3), t.value()),
    ],
    reads: [x => x.global.value, x => [0, 1, 2].map(i => x.table.get(i)), x => x.memory.buffer.byteLength],
    forGood: [
      [/grown/, x => x.memory.grow(1)],
      [/grown/, x => x.table.grow(1)],
    ],
  },
}
