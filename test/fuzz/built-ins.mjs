// What has been changed of the language's and Node's own objects; and names for them. Captured before programs change any.
import { EventEmitter } from 'node:events'
import * as fs from 'node:fs'

const { ownKeys, getOwnPropertyDescriptor, getPrototypeOf } = Reflect
const { is } = Object
const text = String
const KnownMap = Map

/** Built-ins that programs may change. */
const BUILT_INS = {
  Array,
  'Array.prototype': Array.prototype,
  Object,
  'Object.prototype': Object.prototype,
  'Map.prototype': Map.prototype,
  'Set.prototype': Set.prototype,
  'String.prototype': String.prototype,
  'Number.prototype': Number.prototype,
  'Date.prototype': Date.prototype,
  'RegExp.prototype': RegExp.prototype,
  'Error.prototype': Error.prototype,
  'Function.prototype': Function.prototype,
  'Promise.prototype': Promise.prototype,
  'Symbol.prototype': Symbol.prototype,
  'Uint8Array.prototype': Uint8Array.prototype,
  '%TypedArray%.prototype': getPrototypeOf(Uint8Array.prototype),
  '%IteratorPrototype%': getPrototypeOf(getPrototypeOf([][Symbol.iterator]())),
  '%ArrayIteratorPrototype%': getPrototypeOf([][Symbol.iterator]()),
  '%GeneratorPrototype%': getPrototypeOf(function* () {}).prototype,
  Math,
  JSON,
  Reflect,
  Promise,
  Date,
  console,
  'Math.max': Math.max,
  'fs.readFileSync': fs.default.readFileSync,
  fs: fs.default,
  'EventEmitter.prototype': EventEmitter.prototype,
}

let atStart = []

/** What counts as unchanged from here on: an engine has changed some itself by now. */
export function captureBuiltIns() {
  atStart = Object.entries(BUILT_INS).map(([name, object]) => ({
    name,
    object,
    prototype: getPrototypeOf(object),
    keys: ownKeys(object),
    descriptors: ownKeys(object).map(key => getOwnPropertyDescriptor(object, key)),
  }))
  for (const { name, keys, descriptors } of atStart) {
    for (const [i, key] of keys.entries()) {
      const { value, get, set } = descriptors[i]
      for (const part of [value, get, set]) learn(part, `${name}.${text(key)}`)
    }
  }
}

/** Names of what a description does not look into. */
export const known = new KnownMap([[globalThis, 'globalThis']])
const learn = (object, name) => {
  const isObject = (typeof object === 'object' && object !== null) || typeof object === 'function'
  if (isObject && !known.has(object)) known.set(object, name)
}
for (const [name, object] of Object.entries(BUILT_INS)) learn(object, name)
/** To read one loads it, or warns. */
const LAZY = ['crypto', 'localStorage', 'sessionStorage', 'navigator', 'WebSocket', 'EventSource', 'Storage']
for (const name of Object.getOwnPropertyNames(globalThis)) {
  if (LAZY.includes(name)) continue
  const value = globalThis[name]
  learn(value, name)
  if (typeof value === 'function') learn(value.prototype, `${name}.prototype`)
}
for (const sample of [
  new Map().keys(),
  new Set().keys(),
  'a'[Symbol.iterator](),
  'a'.matchAll(/a/g),
  (async function* () {})(),
  async () => {},
  function* () {},
  async function* () {},
]) {
  for (let at = getPrototypeOf(sample), depth = 1; at !== null; at = getPrototypeOf(at), depth++) {
    learn(at, `%prototype ${depth} of ${Object.prototype.toString.call(sample)}%`)
  }
}

/** What has been changed of the language's and Node's own objects. */
export function describeBuiltIns() {
  let changes = ''
  for (let i = 0; i < atStart.length; i++) {
    const { name, object, prototype, keys, descriptors } = atStart[i]
    if (getPrototypeOf(object) !== prototype) changes += `${name} has another prototype\n`
    const now = ownKeys(object)
    const count = now.length > keys.length ? now.length : keys.length
    for (let k = 0; k < count; k++) {
      if (now[k] !== keys[k]) changes += `${name}[${k}] is ${text(now[k])}, was ${text(keys[k])}\n`
      if (k >= keys.length) continue
      const found = getOwnPropertyDescriptor(object, keys[k])
      const wanted = descriptors[k]
      const isSame =
        found !== undefined &&
        is(found.value, wanted.value) &&
        found.get === wanted.get &&
        found.set === wanted.set &&
        found.writable === wanted.writable &&
        found.enumerable === wanted.enumerable &&
        found.configurable === wanted.configurable
      if (!isSame) changes += `${name}.${text(keys[k])} is another\n`
    }
  }
  return changes
}
