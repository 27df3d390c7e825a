import { EventEmitter } from 'node:events'
import { runInNewContext } from 'node:vm'
import { describe, expect, test } from 'vitest'
import { attributesJournal } from '../../src/heap/attributes-journal.ts'
import { loadNatives } from '../../src/heap/natives.ts'
import { Recording } from '../../src/heap/recording.ts'
import { findBoundary } from '../../src/heap/roots/boundary.ts'
import { BuiltInsStore } from '../../src/heap/roots/built-ins-store.ts'
import { ProcessState } from '../../src/heap/roots/process-state.ts'
import { weakJournal } from '../../src/heap/weak-journal.ts'

function take(root: object, isJournalWhole = (): boolean => true): Recording {
  const stores = [{ visit: (visit: (value: unknown) => void) => visit(root), restore: () => 0 }]
  const options = {
    natives: loadNatives(),
    boundary: findBoundary(),
    privates: [],
    weak: weakJournal(),
    attributes: attributesJournal(),
    isJournalWhole,
  }
  return Recording.take({ cells: [], stores }, options)
}

/** The library of types that goes with Node 20 does not have it. */
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

/** What can be done to an object that was all assignments, by what a user would call it. */
const CHANGES: Record<string, (object: Record<PropertyKey, unknown>, seen: () => void) => void> = {
  'a value replaced': object => Object.assign(object, { b: 'other' }),
  'a zero with a sign': object => Object.assign(object, { zero: -0 }),
  'a property added': object => Object.assign(object, { added: 1 }),
  'an element added': object => Object.assign(object, { 7: 1 }),
  'an element replaced': object => Object.assign(object, { 3: 1 }),
  'a property deleted': object => void delete object.a,
  'a property deleted and added again': object => {
    delete object.a
    object.a = 'a'
  },
  'a symbol added': object => Object.assign(object, { [Symbol('added')]: 1 }),
  'a property hidden': object => Object.defineProperty(object, 'b', { enumerable: false }),
  'a property made read-only': object => Reflect.defineProperty(object, 'b', { writable: false }),
  'a hidden property added': object =>
    Object.defineProperties(object, { hidden: { value: 1, configurable: true } }),
  'an accessor in the place of a value': (object, seen) =>
    Object.defineProperty(object, 'b', { get: seen, configurable: true }),
  'an accessor by an old word': (object, seen) =>
    (object as unknown as { __defineGetter__(key: string, get: () => void): void }).__defineGetter__(
      'b',
      seen,
    ),
  'a stack captured': object => Error.captureStackTrace(object),
  'a prototype replaced': object => Object.setPrototypeOf(object, { inherited: 1 }),
}

/** Of the same properties: made as usual, and as a dictionary. */
const MAKES: Record<string, () => Record<PropertyKey, unknown>> = {
  'an ordinary object': () => ({ 3: 'x', a: 'a', b: {}, zero: 0 }),
  'a dictionary': () => {
    const dictionary: Record<PropertyKey, unknown> = {}
    for (let i = 0; i < 2000; i++) dictionary[`key ${i}`] = i
    for (let i = 0; i < 2000; i++) delete dictionary[`key ${i}`]
    return Object.assign(dictionary, { 3: 'x', a: 'a', b: {}, zero: 0 })
  },
}

describe.each(Object.entries(MAKES))('%s', (_, make) => {
  const describeObject = (object: object): unknown => [
    Object.getPrototypeOf(object) === Object.prototype,
    Reflect.ownKeys(object).map(key => [key, Object.getOwnPropertyDescriptor(object, key)]),
  ]

  test.each(Object.entries(CHANGES))('comes back after %s, and no getter of it is run', (_, change) => {
    const object = make()
    const before = describeObject(object)
    const recording = take({ object })
    let calls = 0
    change(object, () => calls++)
    expect(describeObject(object)).not.toEqual(before)
    expect(whysOf(recording)).toEqual([])
    expect(describeObject(object)).toEqual(before)
    expect(calls).toBe(0)
    recording.release()
  })

  test('comes back after an accessor was defined unseen, when the runner may have done it', () => {
    const object = make()
    const recording = take({ object }, () => false)
    let calls = 0
    // Built-ins of another context are not watched.
    const { defineProperty } = runInNewContext('Reflect') as typeof Reflect
    defineProperty(object, 'b', { get: () => calls++, configurable: true })
    expect(whysOf(recording)).toEqual([])
    expect([calls, object.b]).toEqual([0, {}])
    recording.release()
  })

  test('that takes no more properties since is refused', () => {
    const object = make()
    const recording = take({ object })
    Object.preventExtensions(object)
    expect(whysOf(recording)).toEqual(['it was frozen, sealed or made non-extensible'])
    recording.release()
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

describe('weak collections', () => {
  test('come back to what they held, entry by entry', () => {
    const [kept, removed, added] = [{}, {}, {}]
    const map = new WeakMap<object, unknown>([
      [kept, 1],
      [removed, { inner: 2 }],
    ])
    const set = new WeakSet([kept, removed])
    const recording = take({ map, set, kept, removed })
    map.set(kept, 3).set(added, 4).delete(removed)
    set.add(added).delete(removed)
    recording.restore()
    expect([map.get(kept), map.get(removed), map.has(added)]).toEqual([1, { inner: 2 }, false])
    expect([set.has(kept), set.has(removed), set.has(added)]).toEqual([true, true, false])
    recording.release()
  })

  test('lead to objects that were set where there was a primitive', () => {
    const [key, value] = [{}, { n: 1 }]
    const map = new WeakMap<object, unknown>([[key, 1]])
    map.set(key, value)
    const recording = take({ map, key })
    value.n = 2
    recording.restore()
    expect(value.n).toBe(1)
    recording.release()
  })

  test('of which the recording knows nothing are left alone', () => {
    const [own, key] = [new WeakMap<object, number>(), {}]
    const recording = take({ key })
    own.set(key, 1)
    recording.restore()
    expect(own.get(key)).toBe(1)
    recording.release()
  })

  test('still look like what they were', () => {
    const { set, delete: remove } = WeakMap.prototype
    expect([set.name, set.length, remove.name, remove.length]).toEqual(['set', 2, 'delete', 1])
    expect(() => new WeakMap().set(1 as never, 1)).toThrow(TypeError)
  })
})
