import { types } from 'node:util'
import type { Obstacle } from '../engine.ts'
import type { Cell } from './cells.ts'
import type { ModuleRegistry } from './roots/module-registry.ts'
import { getPrototypeOf, isObject, objectIs } from './uncurried.ts'

/** The modules among the objects that are left out, by the labels of their variables. */
export class ExcludedModules {
  readonly #labels = new Set<string>()
  readonly obstacles: Obstacle[] = []

  /** @param modules the variables of those that are loaded */
  constructor(excluded: readonly object[], modules: readonly Cell[], registry: ModuleRegistry) {
    for (const object of excluded) {
      const label = registry.labelOf(
        object,
        modules.map(cell => cell.label),
      )
      if (label !== null) this.#labels.add(label)
      else if (isNamespace(object)) this.#addByValues(object, modules)
    }
  }

  /** Variables, or private fields, of one of the modules, or of a function or class in it. */
  has({ label }: { label: string }): boolean {
    return this.#labels.has(label) || this.#labels.has(label.split(' › ')[0] ?? label)
  }

  /** Node does not say of which module a namespace is: it is the one that has what the namespace shows, by these names. */
  #addByValues(namespace: object, modules: readonly Cell[]): void {
    const scores = modules.map(cell => countSame(namespace, cell))
    const best = Math.max(0, ...scores)
    // Nothing of it is exposed, so none of its variables would be put back.
    if (best === 0) return
    const labels = [...new Set(modules.flatMap(({ label }, i) => (scores[i] === best ? [label] : [])))]
    if (labels.length === 1) this.#labels.add(labels[0] ?? '')
    else {
      this.obstacles.push({
        why: `\`exclude()\` was given a module that can't be told from others (${labels.join(', ')})`,
        remedy: 'give it the objects that the module exports',
      })
    }
  }
}

/** As Node makes them, and as Vite does. */
export function isNamespace(object: object): boolean {
  if (types.isModuleNamespaceObject(object)) return true
  if (types.isProxy(object) || getPrototypeOf(object) !== null) return false
  return Object.getOwnPropertyDescriptor(object, Symbol.toStringTag)?.value === 'Module'
}

function countSame(namespace: object, { names, read }: Cell): number {
  const values = safely(read) ?? []
  return Object.keys(namespace).filter(name => {
    const i = names.indexOf(name)
    const own = i === -1 ? undefined : values[i]
    const value = safely(() => (namespace as Record<string, unknown>)[name])
    return own !== undefined && (isObject(own) ? own === value : objectIs(own, value))
  }).length
}

/** Variables that are not initialized yet throw. */
function safely<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}
