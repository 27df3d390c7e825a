import { type Call, Patches } from '../host/patches.ts'
import { isObject, weakSetAdd, weakSetHas } from './uncurried.ts'

/** What gives properties attributes, or accessors, by its owner; the object they get is the first argument, or `this`. */
const DEFINING: ReadonlyArray<readonly [owner: object, names: readonly string[], of: 'first' | 'this']> = [
  [Object, ['defineProperty', 'defineProperties'], 'first'],
  [Reflect, ['defineProperty'], 'first'],
  [Object.prototype, ['__defineGetter__', '__defineSetter__'], 'this'],
]

/** Objects of which a property was defined rather than assigned to, since this began. */
export interface AttributesJournal {
  has(object: object): boolean
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
  const patches = new Patches()
  const { apply } = Reflect
  patches.batch(() => {
    for (const [owner, names, of] of DEFINING) {
      for (const name of names) {
        patches.patch(owner, name, original => {
          const { method } = {
            method(this: unknown, ...args: unknown[]) {
              const object = of === 'first' ? args[0] : this
              if (isObject(object)) weakSetAdd(defined, object)
              return apply(original, this, args)
            },
          }
          return method as unknown as Call
        })
      }
    }
  })
  return { has: object => weakSetHas(defined, object) }
}
