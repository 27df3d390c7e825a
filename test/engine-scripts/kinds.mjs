// One kind of state each. `use` changes it and tells what it saw; run twice from a checkpoint and once outside it sees the
// same each time, unless something of a run was left behind.
import { AsyncLocalStorage } from 'node:async_hooks'
import { EventEmitter } from 'node:events'
import * as fs from 'node:fs'
import { createRequire, syncBuiltinESMExports } from 'node:module'
import { tmpdir } from 'node:os'
import { checkpoint } from 'forkpoint'
import { runScenario } from './scenario.mjs'
import { raiseTotal, readTotal, total } from './stateful-module.mjs'

const require = createRequire(import.meta.url)

/** (module (memory (export "m") 1 4) (func (export "next") (result i32) ;; adds one to the word at 0 */
const WASM = Uint8Array.from([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 127, 3, 2, 1, 0, 5, 4, 1, 1, 1, 4, 7, 12, 2, 1, 109, 2, 0,
  4, 110, 101, 120, 116, 0, 0, 10, 22, 1, 20, 0, 65, 0, 65, 0, 40, 2, 0, 65, 1, 106, 54, 2, 0, 65, 0, 40, 2,
  0, 11,
])

const kinds = {
  object() {
    const cart = { tea: 1, milk: { litres: 2 } }
    const { milk } = cart
    return () => {
      cart.tea++
      milk.litres *= 2
      cart.bread = Object.keys(cart).length
      delete cart.milk
      return cart
    }
  },

  descriptor() {
    const record = { open: 1 }
    return () => {
      const before = [Object.isFrozen(record), Object.keys(record).length]
      Object.defineProperty(record, 'hidden', { value: 2, configurable: true })
      Object.freeze(record)
      return [...before, Object.isFrozen(record), Object.keys(record).length, record.hidden]
    }
  },

  array() {
    const list = [3, 1, 2]
    return () => {
      list.sort()
      list.push(list.length)
      list[6] = 7
      return list
    }
  },

  mapAndSet() {
    const map = new Map([['a', new Set([1])]])
    return () => {
      map.get('a').add(map.size + 1)
      map.set('b', new Set())
      return [...map].map(([key, set]) => [key, ...set])
    }
  },

  weakMap() {
    const key = {}
    const weak = new WeakMap([[key, 1]])
    return () => weak.set(key, weak.get(key) + 1).get(key)
  },

  closure() {
    let count = 0
    return () => ++count
  },

  privateField() {
    class Account {
      static #opened = 0
      #balance = 10
      draw() {
        Account.#opened++
        this.#balance -= 3
        return [Account.#opened, this.#balance]
      }
    }
    const account = new Account()
    return () => account.draw()
  },

  generator() {
    function* countUp() {
      for (let i = 1; ; i++) yield i
    }
    const numbers = countUp()
    numbers.next()
    return () => [numbers.next().value, numbers.next().value]
  },

  iterator() {
    const items = [1, 2, 3].values()
    items.next()
    return () => [items.next().value, items.next().value]
  },

  asyncGenerator() {
    async function* countUp() {
      for (let i = 1; ; i++) yield i
    }
    const numbers = countUp()
    return async () => [(await numbers.next()).value, (await numbers.next()).value]
  },

  promise() {
    let settle
    const promise = new Promise(resolve => {
      settle = resolve
    })
    let calls = 0
    promise.then(() => calls++)
    return async () => {
      const before = await Promise.race([promise, 'pending'])
      settle('settled')
      return [before, await promise, calls]
    }
  },

  wasm() {
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(WASM))
    exports.next()
    return () => {
      const seen = [exports.next(), exports.m.buffer.byteLength]
      exports.m.grow(1)
      return [...seen, exports.m.buffer.byteLength]
    }
  },

  buffers() {
    const bytes = new Uint8Array([1, 2])
    const shared = new Int32Array(new SharedArrayBuffer(4))
    return () => {
      bytes[0]++
      Atomics.add(shared, 0, 5)
      const seen = [...bytes, ...shared]
      structuredClone(bytes, { transfer: [bytes.buffer] })
      return [...seen, bytes.length]
    }
  },

  environment() {
    process.env.FORKPOINT_CONTRACT = 'before'
    return () => {
      const before = [process.env.FORKPOINT_CONTRACT, 'FORKPOINT_NEW' in process.env]
      process.env.FORKPOINT_CONTRACT = 'after'
      process.env.FORKPOINT_NEW = '1'
      return [...before, process.env.FORKPOINT_CONTRACT]
    }
  },

  cwd() {
    process.chdir('/')
    return () => {
      const before = process.cwd()
      process.chdir(tmpdir())
      return [before, process.cwd() === before]
    }
  },

  prototypes() {
    class Animal {}
    class Cat extends Animal {}
    const cat = new Cat()
    return () => {
      const before = [cat instanceof Animal, 'contractOnly' in [], [1, 2].at(-1)]
      Array.prototype.contractOnly = true
      Array.prototype.at = () => 'broken'
      Object.setPrototypeOf(Cat.prototype, null)
      return [...before, cat instanceof Animal, 'contractOnly' in [], [1, 2].at(-1)]
    }
  },

  globals() {
    return () => {
      const before = [typeof globalThis.contractGlobal, Math.max(1, 2)]
      globalThis.contractGlobal = 1
      Math.max = () => 'broken'
      return [...before, typeof globalThis.contractGlobal, Math.max(1, 2)]
    }
  },

  modules() {
    return async () => {
      raiseTotal()
      const late = await import('./late-module.mjs')
      late.visit()
      const required = require('./late-module.cjs')
      required.visits++
      return [total, readTotal(), late.visits, required.visits]
    }
  },

  builtins() {
    return () => {
      const before = typeof fs.existsSync('/')
      fs.default.existsSync = () => 'broken'
      syncBuiltinESMExports()
      return [before, fs.existsSync('/')]
    }
  },

  listeners() {
    const emitter = new EventEmitter()
    const heard = []
    emitter.on('news', text => heard.push(text))
    return () => {
      emitter.emit('news', `${emitter.listenerCount('news')} listener`)
      emitter.removeAllListeners('news')
      process.on('contract', () => {})
      return [...heard, emitter.listenerCount('news'), process.listenerCount('contract')]
    }
  },

  timers() {
    let ticks = 0
    const interval = setInterval(() => {
      ticks++
      if (ticks === 2) clearInterval(interval)
    }, 5)
    return async () => {
      while (ticks < 2) await new Promise(resolve => setTimeout(resolve, 1))
      return ticks++
    }
  },

  asyncContext() {
    const storage = new AsyncLocalStorage()
    storage.enterWith('before')
    return () => {
      const before = storage.getStore()
      storage.enterWith('after')
      return [before, storage.getStore()]
    }
  },

  web() {
    class Address extends URL {
      visits = 0
    }
    const url = new URL('http://host/path')
    const address = new Address('http://other/')
    const query = new URLSearchParams('a=1&b=2')
    const headers = new Headers({ accept: 'all' })
    return () => {
      url.pathname += '/more'
      address.host = 'third'
      query.append('a', '3')
      headers.set('accept', `${headers.get('accept')}, more`)
      return [url.href, address.href, ++address.visits, `${query}`, headers.get('accept')]
    }
  },

  aborted() {
    const controller = new AbortController()
    return () => {
      const before = controller.signal.aborted
      controller.abort()
      return [before, controller.signal.aborted]
    }
  },

  dates() {
    const date = new Date(0)
    const pattern = /a/g
    return () => {
      date.setUTCFullYear(date.getUTCFullYear() + 1)
      pattern.test('aaa')
      return [date.toISOString(), pattern.lastIndex]
    }
  },
}

await runScenario(
  Object.fromEntries(
    Object.entries(kinds).map(([name, make]) => [
      name,
      async () => {
        const use = await make()
        try {
          const point = await checkpoint()
          return { inside: await point.run(use), again: await point.run(use), outside: await use() }
        } catch (error) {
          if (error.code !== 'ERR_FORKPOINT_STATE') throw error
          return { refused: error.message }
        }
      },
    ]),
  ),
)
