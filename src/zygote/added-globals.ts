import { fileURLToPath } from 'node:url'
import { isLateGlobal } from '../late-globals.ts'

/** Of global variables that modules have added when they were imported ahead. */
type Added = ReadonlyMap<PropertyKey, PropertyDescriptor>

/**
 * Global variables that modules have added, and that a process which does not import them is not to find: they are hidden before the
 * fork, and put in their places when one of those modules is about to be imported, or one of which it is not known whether it
 * imports them.
 */
export class AddedGlobals {
  readonly #added = new Map<PropertyKey, PropertyDescriptor>()
  /** Paths of modules that were imported before there was any: they can do without. */
  readonly #without = new Set<string>()

  noteImport(url: string, added: Added): void {
    for (const [key, descriptor] of added) this.#added.set(key, descriptor)
    if (this.#added.size === 0) this.#without.add(pathOf(url))
  }

  hide(): void {
    for (const key of this.#added.keys()) {
      this.#added.set(key, Object.getOwnPropertyDescriptor(globalThis, key) ?? {})
      Reflect.deleteProperty(globalThis, key)
    }
  }

  /** @param module that is about to be imported: its address or path */
  noteWanted(module: string): void {
    if (this.#added.size === 0 || this.#without.has(pathOf(module))) return
    for (const [key, descriptor] of this.#added)
      if (!Object.hasOwn(globalThis, key)) Object.defineProperty(globalThis, key, descriptor)
    this.#added.clear()
  }
}

/** The global variables that there are besides these, as far as they can be taken away. */
export function findAddedGlobals(before: ReadonlySet<PropertyKey>): Map<PropertyKey, PropertyDescriptor> {
  return new Map(
    Reflect.ownKeys(globalThis).flatMap(key => {
      if (before.has(key) || isLateGlobal(key)) return []
      const descriptor = Object.getOwnPropertyDescriptor(globalThis, key)
      return descriptor?.configurable ? [[key, descriptor] as const] : []
    }),
  )
}

function pathOf(module: string): string {
  return module.startsWith('file:') ? fileURLToPath(module) : module
}
