import { syncBuiltinESMExports } from 'node:module'

/** Any function, as a patch sees it: called with whatever it is called with. */
export type Call = (this: unknown, ...args: unknown[]) => unknown

interface Patch {
  owner: object
  key: PropertyKey
  /** What the object itself had under the key; undefined when it was inherited. */
  before: PropertyDescriptor | undefined
}

/**
 * The one place through which built-ins are patched. A replacement has the name, the length and all own properties of what
 * it replaces (`util.promisify.custom`, `realpath.native`), and several may stand over one another; `undoAll` gives every
 * object back as it was found, newest first.
 */
export class Patches {
  readonly #made: Patch[] = []
  #isBatching = false

  /**
   * Replaces a function. What `makeReplacement` returns is called in its stead.
   *
   * @returns false when the object has no such function, or doesn't let go of it: nothing is patched
   */
  patch(owner: object, key: PropertyKey, makeReplacement: (original: Call) => Call): boolean {
    const before = Object.getOwnPropertyDescriptor(owner, key)
    const original: unknown = Reflect.get(owner, key)
    if (typeof original !== 'function') return false
    const replacement = makeReplacement(original as Call)
    const prototype = Object.getPrototypeOf(original) as object | null
    // Of another realm, where code runs in a context of its own.
    if (prototype !== Object.getPrototypeOf(replacement)) Object.setPrototypeOf(replacement, prototype)
    for (const name of Reflect.ownKeys(original)) {
      const property = Object.getOwnPropertyDescriptor(original, name)
      if (property !== undefined) Reflect.defineProperty(replacement, name, property)
    }
    const { configurable = true, enumerable = true } = before ?? {}
    const isDone = Reflect.defineProperty(owner, key, {
      value: replacement,
      writable: true,
      configurable,
      enumerable,
    })
    if (!isDone) return false
    this.#made.push({ owner, key, before })
    this.#publish()
    return true
  }

  /** Runs `make`, and lets ES modules see what it has patched, once. */
  batch(make: () => void): void {
    const isOutermost = !this.#isBatching
    this.#isBatching = true
    try {
      make()
    } finally {
      if (isOutermost) {
        this.#isBatching = false
        this.#publish()
      }
    }
  }

  undoAll(): void {
    for (const { owner, key, before } of this.#made.splice(0).reverse()) {
      if (before === undefined) Reflect.deleteProperty(owner, key)
      else Reflect.defineProperty(owner, key, before)
    }
    this.#publish()
  }

  /** Named imports of built-in modules are copies, which Node renews when asked. */
  #publish(): void {
    if (!this.#isBatching) syncBuiltinESMExports()
  }
}
