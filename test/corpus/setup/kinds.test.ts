// State of many kinds, built before each test and broken by each.
import { AsyncLocalStorage } from 'node:async_hooks'
import { EventEmitter } from 'node:events'
import { setup } from 'forkpoint'
import { describe, expect, test } from 'vitest'
import { count, reset } from './src/counter.ts'
import { cache, idOf } from './src/service.ts'

class Registry {
  static instances = 0
  #secret: string[] = []
  reveal(): string[] {
    return this.#secret
  }
}

const prototype = { greet: (): string => 'hello' }
const storage = new AsyncLocalStorage<string>()
const key = {}

let registry: Registry
let iterator: Generator<number, void, undefined>
let pending: { promise: Promise<string>; resolve: (value: string) => void }
let weak: WeakMap<object, number>
let memory: WebAssembly.Memory
let bytes: Uint8Array
let emitter: EventEmitter
let frozen: Readonly<{ list: number[] }>
let counted: () => number
let date: Date
let symbolKeyed: Record<symbol, number>
const symbol = Symbol('key')

function* numbers(): Generator<number, void, undefined> {
  for (let number = 1; ; number++) yield number
}

setup(() => {
  Registry.instances = 0
  registry = new Registry()
  registry.reveal().push('first')
  iterator = numbers()
  iterator.next()
  let resolve: (value: string) => void = () => {}
  const promise = new Promise<string>(done => {
    resolve = done
  })
  pending = { promise, resolve }
  weak = new WeakMap([[key, 1]])
  memory = new WebAssembly.Memory({ initial: 1, maximum: 4 })
  bytes = new Uint8Array(memory.buffer)
  bytes.set([1, 2, 3])
  emitter = new EventEmitter()
  frozen = Object.freeze({ list: [1] })
  let hidden = 0
  counted = () => ++hidden
  date = new Date(0)
  symbolKeyed = { [symbol]: 1 }
  prototype.greet = () => 'hello'
  Reflect.deleteProperty(globalThis, 'shared')
  process.env.KIND = 'built'
  process.removeAllListeners('kind')
  Reflect.deleteProperty(Array.prototype, 'last')
  cache.clear()
  reset()
})

// Each test does the same, so that each needs what the one before it changed to be back.
describe.each([1, 2, 3])('round %i', () => {
  test('private fields and statics', () => {
    Registry.instances++
    registry.reveal().push('second')
    expect([Registry.instances, registry.reveal()]).toEqual([1, ['first', 'second']])
  })
  test('a generator', () => {
    expect([iterator.next().value, iterator.next().value]).toEqual([2, 3])
  })
  test('a promise', async () => {
    pending.resolve('done')
    expect(await pending.promise).toBe('done')
  })
  test('a promise that stays pending', async () => {
    expect(await Promise.race([pending.promise, Promise.resolve('pending')])).toBe('pending')
  })
  test('a WeakMap', () => {
    expect(weak.get(key)).toBe(1)
    weak.set(key, 2)
  })
  test('WebAssembly memory', () => {
    expect([...bytes.slice(0, 3)]).toEqual([1, 2, 3])
    bytes.fill(9)
  })
  test('WebAssembly memory that grows', () => {
    expect(memory.buffer.byteLength).toBe(65536)
    memory.grow(1)
    expect(memory.buffer.byteLength).toBe(131072)
  })
  test('listeners', () => {
    emitter.on('event', () => {})
    process.on('kind' as 'exit', () => {})
    expect([emitter.listenerCount('event'), process.listenerCount('kind')]).toEqual([1, 1])
  })
  test('inside a frozen object', () => {
    frozen.list.push(2)
    expect(frozen.list).toEqual([1, 2])
  })
  test('a closure', () => {
    expect([counted(), counted()]).toEqual([1, 2])
  })
  test('a date', () => {
    date.setFullYear(2000)
    expect(date.getFullYear()).toBe(2000)
  })
  test('symbol keys', () => {
    symbolKeyed[symbol] = (symbolKeyed[symbol] ?? 0) + 1
    expect(symbolKeyed).toEqual({ [symbol]: 2 })
  })
  test('a method', () => {
    expect(prototype.greet()).toBe('hello')
    prototype.greet = () => 'changed'
  })
  test('globals and environment', () => {
    expect([Reflect.get(globalThis, 'shared'), process.env.KIND]).toEqual([undefined, 'built'])
    Reflect.set(globalThis, 'shared', 1)
    process.env.KIND = 'changed'
  })
  test('a built-in prototype', () => {
    expect('last' in Array.prototype).toBe(false)
    Reflect.defineProperty(Array.prototype, 'last', { configurable: true, value: () => 1 })
  })
  test('module variables', () => {
    expect([count, idOf('a'), idOf('b'), idOf('a'), count]).toEqual([0, 1, 2, 1, 2])
  })
  test('async context', async () => {
    expect(storage.getStore()).toBeUndefined()
    const seen = await storage.run('inside', async () => {
      await null
      return storage.getStore()
    })
    expect(seen).toBe('inside')
  })
})
