// Each test looks at one kind of state and then changes it. In the second round nothing of the first may be seen.
import { describe, expect, test } from 'vitest'
import * as imported from './src/imported.ts'
import { once } from './src/once.ts'

class Account {
  static opened = 0
  static #secret = 0
  #balance = 0
  deposit(): number {
    return ++this.#balance
  }
  static keep(): number {
    return ++Account.#secret
  }
}

function makeCounter(): () => number {
  let count = 0
  return () => ++count
}

function* countUp(): Generator<number> {
  for (let number = 1; ; number++) yield number
}

const KEY = Symbol.for('forkpoint.test.registered')
let variable = 'unset'
let account: Account
let next: () => number
let numbers: Generator<number>
let resolve: (value: string) => void
let promise: Promise<string>
const map = new Map<string, number>()
const set = new Set<string>()
const weakMap = new WeakMap<object, number>()
const weakSet = new WeakSet<object>()
const key = {}
const list = [1, 2, 3]
const options = { isOpen: true }

once(async () => {
  variable = 'set'
  account = new Account()
  next = makeCounter()
  numbers = countUp()
  promise = new Promise(done => {
    resolve = done
  })
  map.set('first', 1)
  set.add('first')
  weakMap.set(key, 1)
  Reflect.set(globalThis, KEY, 0)
  await null
})

describe.each(['first', 'second'])('%s round', () => {
  test('module variables', () => {
    expect([variable, list, options]).toEqual(['set', [1, 2, 3], { isOpen: true }])
    variable = 'changed'
    list.reverse().pop()
    options.isOpen = false
    Object.freeze(options)
  })
  test('variables of an imported module', () => {
    expect(imported.count).toBe(0)
    imported.up()
  })
  test('closures', () => {
    expect(next()).toBe(1)
  })
  test('private fields', () => {
    expect(account.deposit()).toBe(1)
  })
  test('private static fields', () => {
    expect(Account.keep()).toBe(1)
  })
  test('class statics', () => {
    expect(Account.opened).toBe(0)
    Account.opened++
  })
  test('promises', async () => {
    expect(await Promise.race([promise, 'pending'])).toBe('pending')
    resolve('resolved')
    expect(await promise).toBe('resolved')
  })
  test('positions of generators', () => {
    expect(numbers.next().value).toBe(1)
  })
  test('Map and Set', () => {
    expect([[...map], [...set]]).toEqual([[['first', 1]], ['first']])
    map.set('first', 2).set('second', 2)
    set.clear()
  })
  test('WeakMap and WeakSet', () => {
    expect([weakMap.get(key), weakSet.has(key)]).toEqual([1, false])
    weakMap.set(key, 2)
    weakSet.add(key)
  })
  test('prototypes', () => {
    expect([Object.hasOwn(Array.prototype, 'second'), [1, 2].at(-1)]).toEqual([false, 2])
    Object.defineProperty(Array.prototype, 'second', { value: 2, configurable: true })
  })
  test('globals', () => {
    expect(Reflect.get(globalThis, 'leaked')).toBeUndefined()
    Reflect.set(globalThis, 'leaked', true)
    Reflect.set(globalThis, 'structuredClone', () => 'replaced')
  })
  test('globals under a registered symbol', () => {
    expect(Reflect.get(globalThis, Symbol.for('forkpoint.test.registered'))).toBe(0)
    Reflect.set(globalThis, KEY, 1)
  })
  test('Error.stackTraceLimit', () => {
    expect(Error.stackTraceLimit).not.toBe(7)
    Error.stackTraceLimit = 7
  })
})
