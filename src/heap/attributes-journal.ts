import { types } from 'node:util'
import { type Call, Patches } from '../host/patches.ts'
import { loadNatives } from './natives.ts'
import { isObject, weakSetAdd, weakSetHas } from './uncurried.ts'

/** As it was before user code. */
const { isProxy } = types

type Defining = readonly [owner: object, names: readonly string[], of: 'first' | 'this']

/** What gives properties attributes, or accessors, by its owner; the object they get is the first argument, or `this`. */
const definingOf = (global: typeof globalThis): readonly Defining[] => [
  [global.Object, ['defineProperty', 'defineProperties'], 'first'],
  [global.Reflect, ['defineProperty'], 'first'],
  [global.Object.prototype, ['__defineGetter__', '__defineSetter__'], 'this'],
]

/** Objects of which a property was defined rather than assigned to, since this began. */
export interface AttributesJournal {
  has(object: object): boolean
  /** Watches the built-ins of another realm too. */
  addRealm(global: typeof globalThis): void
}

let journal: AttributesJournal | null = null

/**
 * The journal of this process. An object that does not stand in it and is extensible has no accessor, and no property with
 * other attributes than an assignment gives, that it did not have before: its values can be read without running user code.
 * Code of Node's own, and of native addons, is not seen.
 */
export function attributesJournal(): AttributesJournal {
  journal ??= watch()
  return journal
}

function watch(): AttributesJournal {
  const defined = new WeakSet<object>()
  const addRealm = (global: typeof globalThis): void => watchRealm(global, defined)
  addRealm(globalThis)
  return { has: object => weakSetHas(defined, object), addRealm }
}

/** What is defined of a proxy is mostly a property of its target. */
function note(object: object, defined: WeakSet<object>): void {
  let at: unknown = object
  while (isObject(at)) {
    weakSetAdd(defined, at)
    at = isProxy(at) ? loadNatives()?.proxyTarget(at) : null
  }
}

function watchRealm(global: typeof globalThis, defined: WeakSet<object>): void {
  const patches = new Patches()
  const { apply } = Reflect
  patches.batch(() => {
    for (const [owner, names, of] of definingOf(global)) {
      for (const name of names) {
        patches.patch(owner, name, original => {
          const { method } = {
            method(this: unknown, ...args: unknown[]) {
              const object = of === 'first' ? args[0] : this
              if (isObject(object)) note(object, defined)
              return apply(original, this, args)
            },
          }
          return method as unknown as Call
        })
      }
    }
  })
}
