// What may be done to any object. `t` makes the random choices of one step.
import { AsyncLocalStorage } from 'node:async_hooks'

const NAMES = ['a', 'b', 'c', 'zz', 'k1', 'k2']
const SHARED = Symbol.for('s')

export const nameOf = t => t.pick(NAMES)
const keyOf = t => t.pick([nameOf(t), nameOf(t), nameOf(t), '3', SHARED, '1e3'])

export const onProperties = [
  (x, t) => {
    x[keyOf(t)] = t.value()
  },
  (x, t) => {
    x[keyOf(t)] = t.value()
  },
  (x, t) => delete x[keyOf(t)],
  (x, t) => Object.defineProperty(x, keyOf(t), { value: t.value(), configurable: true }),
  (x, t) => {
    const n = t.int(9)
    Object.defineProperty(x, keyOf(t), { get: () => n, enumerable: true, configurable: true })
  },
  (x, t) => {
    const name = nameOf(t)
    const held = x[name]
    delete x[name]
    x[name] = held
  },
  (x, t) => Object.assign(x, { [nameOf(t)]: t.value(), [nameOf(t)]: t.value() }),
]

export const onPrototype = [
  (x, t) => {
    const prototype = t.pick([null, { inherited: 1 }, Map.prototype, Array.prototype])
    // Node itself calls methods of it, and ends the process where they are gone: with both engines.
    if (!(x instanceof AsyncLocalStorage)) Object.setPrototypeOf(x, prototype)
  },
]

/** What can't be undone, and why. */
export const forGood = [
  [/frozen, sealed|unwritable|can't be removed|is now fixed/, x => Object.freeze(x)],
  [/non-extensible|unwritable|can't be removed|is now fixed/, x => Object.seal(x)],
  [/non-extensible|can't be removed|is now fixed/, x => Object.preventExtensions(x)],
  [
    /can't be removed|unwritable|non-extensible/,
    (x, t) => Object.defineProperty(x, 'stuck', { value: t.int(9) }),
  ],
  [
    /can't be removed|unwritable|non-extensible/,
    (x, t) => Object.defineProperty(x, nameOf(t), { value: t.int(9), configurable: false }),
  ],
]
