import { EventEmitter } from 'node:events'
import { describe, expect, test } from 'vitest'
import { loadNatives } from '../../src/heap/natives.ts'
import type { Recording } from '../../src/heap/recording.ts'
import { BuiltInsStore } from '../../src/heap/roots/built-ins-store.ts'
import { ProcessState } from '../../src/heap/roots/process-state.ts'
import { takeRecording as take } from './take-recording.ts'

type Resizable = ArrayBuffer & { resize(length: number): void }
const Resizable = ArrayBuffer as unknown as new (
  length: number,
  options: { maxByteLength: number },
) => Resizable

const whysOf = (recording: Recording): string[] => recording.restore().unrestorable.map(({ why }) => why)

describe('a recording', () => {
  test('of something that refers to the process leaves the process alone', () => {
    const recording = take({ process, name: 'own' })
    expect(recording.unsupported).toEqual([])
    recording.release()
  })

  test('puts back what only a WeakRef refers to', () => {
    const target = { value: 1 }
    const recording = take({ ref: new WeakRef(target) })
    target.value = 2
    recording.restore()
    expect(target.value).toBe(1)
  })

  test('tells of a proxy that was revoked, and leaves one alone that had been before', () => {
    const [early, late] = [Proxy.revocable({}, {}), Proxy.revocable({}, {})]
    early.revoke()
    const recording = take({ early: early.proxy, late: late.proxy })
    late.revoke()
    expect(whysOf(recording)).toEqual(['it is a proxy that has been revoked'])
  })

  test('of a detached buffer has nothing to put back', () => {
    const buffer = new ArrayBuffer(8)
    structuredClone(buffer, { transfer: [buffer] })
    const recording = take({ buffer })
    expect(whysOf(recording)).toEqual([])
  })

  test('of a resizable buffer without bytes is that of any other', () => {
    const [empty, full] = [new Resizable(0, { maxByteLength: 8 }), new Resizable(4, { maxByteLength: 8 })]
    const recording = take({ empty, full })
    empty.resize(8)
    full.resize(0)
    expect(whysOf(recording)).toEqual([])
    expect([empty.byteLength, full.byteLength]).toEqual([0, 4])
  })

  test('puts back what a test has added to a timer', () => {
    const timer = setTimeout(() => {}, 2 ** 30)
    const held: Record<string, unknown> = { timer }
    const recording = take(held)
    Object.assign(timer, { label: 'added', refresh: null })
    expect(whysOf(recording)).toEqual([])
    expect(['label' in timer, typeof timer.refresh]).toEqual([false, 'function'])
    clearTimeout(timer)
  })

  test('of a small Buffer leaves the others alone that Node keeps in the same memory', () => {
    const own = Buffer.from('own')
    const recording = take({ own })
    const other = Buffer.from('other')
    expect(other.buffer).toBe(own.buffer)
    own.fill('x')
    recording.restore()
    expect([`${own}`, `${other}`]).toEqual(['own', 'other'])
  })

  test('puts back what only a bound function or the value of a promise leads to', () => {
    const [self, argument, value] = [{ n: 1 }, { n: 2 }, { n: 3 }]
    const inner = Promise.resolve(value)
    const add = function (this: { n: number }, to: { n: number }): number {
      return this.n + to.n
    }
    const recording = take({ bound: add.bind(self, argument), promise: Promise.resolve([inner]) })
    for (const object of [self, argument, value]) object.n = 9
    recording.restore()
    expect([self.n, argument.n, value.n]).toEqual([1, 2, 3])
  })

  test('puts symbols in their order though a name before them can not be removed', () => {
    const [first, second] = [Symbol('first'), Symbol('second')]
    const object: Record<PropertyKey, unknown> = { name: 1, [first]: 1, [second]: 1 }
    Object.defineProperty(object, 'fixed', { value: 1 })
    const recording = take({ object })
    delete object[first]
    expect(whysOf(recording)).toEqual([])
    expect(Reflect.ownKeys(object)).toEqual(['name', 'fixed', first, second])
  })

  test('puts elements back beside a property that is fixed', () => {
    const object: Record<PropertyKey, unknown> = { 0: 'a', 1: 'b' }
    Object.defineProperty(object, 'fixed', { value: 1 })
    const recording = take({ object })
    delete object[0]
    expect(whysOf(recording)).toEqual([])
    expect(Reflect.ownKeys(object)).toEqual(['0', '1', 'fixed'])
  })

  test('of a million objects in a chain does not need the stack', () => {
    let chain: { next: unknown; value: number } = { next: null, value: 0 }
    const last = chain
    for (let i = 0; i < 1e6; i++) chain = { next: chain, value: i }
    const recording = take({ chain })
    expect(recording.size).toBeGreaterThan(1e6)
    last.value = 7
    recording.restore()
    expect(last.value).toBe(0)
  })

  test('of many errors keeps their messages from being listed', () => {
    const errors = Array.from({ length: 20 }, (_, i) => new Error(`e${i}`))
    const recording = take({ errors })
    for (const error of errors) Object.assign(error, { code: 1 })
    recording.restore()
    expect(errors.map(error => Object.keys(error))).toEqual(errors.map(() => []))
  })

  test('runs no code of the objects', () => {
    const calls: string[] = []
    const noisy = new Proxy({ a: 1 }, new Proxy({}, { get: (_, trap) => calls.push(String(trap)) }))
    const accessor = {
      get value() {
        return calls.push('getter')
      },
      set value(_) {
        calls.push('setter')
      },
    }
    const map = new (class extends Map {
      override get() {
        calls.push('Map.get')
        return 1
      }
      override set() {
        calls.push('Map.set')
        return this
      }
      override forEach() {
        calls.push('Map.forEach')
      }
    })()
    Map.prototype.set.call(map, 'a', 1)
    const recording = take({ noisy, accessor, map })
    Map.prototype.clear.call(map)
    Object.defineProperty(accessor, 'value', { value: 1, configurable: true })
    recording.restore()
    expect([calls, Map.prototype.get.call(map, 'a')]).toEqual([[], 1])
  })
})

describe('what belongs to Node', () => {
  test('methods of its classes, and of prototypes without a name, come back', () => {
    const store = new BuiltInsStore(loadNatives())
    const { emit } = EventEmitter.prototype
    const typedArray = Object.getPrototypeOf(Uint8Array.prototype)
    const { fill } = typedArray
    EventEmitter.prototype.emit = () => true
    typedArray.fill = () => 'broken'
    store.restore(() => {})
    expect([EventEmitter.prototype.emit === emit, typedArray.fill === fill]).toEqual([true, true])
  })

  test('the number of listeners that are too many comes back', () => {
    const state = new ProcessState()
    const before = EventEmitter.defaultMaxListeners
    EventEmitter.defaultMaxListeners = 99
    state.restore(() => {})
    expect(EventEmitter.defaultMaxListeners).toBe(before)
  })
})
