import { runInNewContext } from 'node:vm'
import { describe, expect, test } from 'vitest'
import type { Recording } from '../../src/heap/recording.ts'
import { takeRecording as take } from './take-recording.ts'

const whysOf = (recording: Recording): string[] => recording.restore().unrestorable.map(({ why }) => why)

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
