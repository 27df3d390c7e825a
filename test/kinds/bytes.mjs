const FILE = 'test/kinds/bytes.mjs'

/**
 * ```wat
 * (module (memory (export "m") 1 4) (global (export "g") (mut i32) (i32.const 5)) (table (export "t") 2 4 funcref)
 *   (func (export "next") (result i32) ;; adds one to the word at 0 ...
 * ```
 */
const WASM = Uint8Array.from([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 127, 3, 2, 1, 0, 4, 5, 1, 112, 1, 2, 4, 5, 4, 1, 1, 1, 4, 6,
  6, 1, 127, 1, 65, 5, 11, 7, 20, 4, 1, 109, 2, 0, 1, 103, 3, 0, 1, 116, 1, 0, 4, 110, 101, 120, 116, 0, 0,
  10, 22, 1, 20, 0, 65, 0, 65, 0, 40, 2, 0, 65, 1, 106, 54, 2, 0, 65, 0, 40, 2, 0, 11,
])

const instantiate = () => new WebAssembly.Instance(new WebAssembly.Module(WASM)).exports

/** @type {import('./table.ts').KindGroup} */
export const bytes = {
  title: 'Bytes and WebAssembly',
  kinds: {
    views: {
      state: 'typed arrays, `DataView`, `Buffer`, `ArrayBuffer`',
      change: 'written, given properties',
      make() {
        const floats = new Float64Array([1.5, -0])
        const view = new DataView(new ArrayBuffer(4), 2)
        const text = Buffer.from('ab')
        return () => {
          floats[0] *= 2
          view.setInt16(0, view.getInt16(0) + 1)
          text.swap16()
          text.label = (text.label ?? 0) + 1
          return [floats[0], Object.is(floats[1], -0), view.getInt16(0), `${text}`, text.label]
        }
      },
      seen: [3, true, 1, 'ba', 1],
    },

    shared: {
      state: '`SharedArrayBuffer`',
      change: 'written',
      make() {
        const words = new Int32Array(new SharedArrayBuffer(8))
        return () => {
          Atomics.add(words, 1, 5)
          return [...words]
        }
      },
      seen: [0, 5],
    },

    resizable: {
      state: 'a resizable `ArrayBuffer`',
      change: 'resized, written',
      make() {
        const buffer = new ArrayBuffer(2, { maxByteLength: 8 })
        const view = new Uint8Array(buffer)
        view[1] = 7
        return () => {
          const before = [...view]
          buffer.resize(4)
          view[3] = 9
          const grown = [...view]
          buffer.resize(1)
          return [before, grown, [...view]]
        }
      },
      seen: [[0, 7], [0, 7, 0, 9], [0]],
    },

    growable: {
      state: 'a growable `SharedArrayBuffer`',
      change: 'grown',
      make() {
        const buffer = new SharedArrayBuffer(2, { maxByteLength: 8 })
        return () => {
          const before = buffer.byteLength
          buffer.grow(4)
          return [before, buffer.byteLength]
        }
      },
      seen: [2, 4],
      refused: {
        to: 'run',
        path: `${FILE} › make() › buffer`,
        why: 'it has grown, and can not be made smaller',
      },
    },

    detached: {
      state: 'an `ArrayBuffer`',
      change: 'transferred',
      make() {
        const bytes = new Uint8Array([1, 2])
        return () => {
          const before = bytes.length
          structuredClone(bytes, { transfer: [bytes.buffer] })
          return [before, bytes.length]
        }
      },
      seen: [2, 0],
      refused: {
        to: 'run',
        path: `${FILE} › make() › bytes.buffer`,
        why: 'it was detached: transferred to a thread, or its WebAssembly memory has grown',
      },
    },

    wasmMemory: {
      state: 'memory of WebAssembly, views on it, a memory that grew in the setup',
      change: 'written from either side',
      make() {
        const { next, m } = instantiate()
        m.grow(1)
        const view = new Uint32Array(m.buffer)
        next()
        return () => {
          const seen = [next(), view[0]]
          view[20_000] += 3
          return [...seen, view[20_000], m.buffer.byteLength]
        }
      },
      seen: [2, 2, 3, 131072],
    },

    wasmGlobal: {
      state: 'globals that WebAssembly exports',
      change: 'written',
      make() {
        const { g } = instantiate()
        return () => g.value++
      },
      seen: 5,
    },

    wasmTable: {
      state: 'tables that WebAssembly exports',
      change: 'entries written',
      make() {
        const { t, next } = instantiate()
        return () => {
          const before = t.get(0)
          t.set(0, next)
          return [before, t.get(0) === next]
        }
      },
      seen: [null, true],
    },

    wasmTableGrown: {
      state: 'a table that WebAssembly exports',
      change: 'grown',
      make() {
        const { t } = instantiate()
        return () => [t.grow(1), t.length]
      },
      seen: [2, 3],
      refused: {
        to: 'run',
        path: `${FILE} › make() › t`,
        why: 'it has grown, and WebAssembly has no way to make it smaller',
      },
    },

    wasmGrown: {
      state: 'memory of WebAssembly',
      change: 'grown',
      make() {
        const { m } = instantiate()
        return () => {
          const before = m.buffer.byteLength
          m.grow(1)
          return [before, m.buffer.byteLength]
        }
      },
      seen: [65536, 131072],
      refused: {
        to: 'run',
        path: `${FILE} › make() › m`,
        why: 'it has grown, and WebAssembly has no way to make it smaller (and 1 more)',
      },
    },
  },
}
