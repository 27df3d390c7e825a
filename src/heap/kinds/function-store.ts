import { EntryStore } from '../log/entry-store.ts'
import { hasElement, type Natives } from '../natives.ts'
import { listRealms } from '../realms.ts'
import { getOwnPropertyDescriptor, getPrototypeOf, ownKeys } from '../uncurried.ts'
import type { Report } from '../unrestorable.ts'
import { type OwnPropertiesStore, repairProperties } from './own-properties.ts'

type Visit = (value: unknown) => void
type AnyFunction = { name: unknown; length: unknown; prototype: unknown }

/** What belongs to a function besides its properties. */
export interface Beside {
  /** Takes those that lead to objects which no property shows. */
  open?(object: object): void
  /** Shows what else belongs to one that has properties. */
  edgesOf?(object: object): unknown
}

const { toString: sourceOf } = Function.prototype

/** Others of native code have a name in their source. */
const isBound = (object: object): boolean =>
  getOwnPropertyDescriptor(object, 'prototype') === undefined &&
  sourceOf.call(object) === 'function () { [native code] }'

/** Functions of one kind. */
interface Kind {
  exemplar: object
  keys: readonly PropertyKey[]
  hasPrototype: boolean
}

/** What a function was born with. */
interface Born {
  kind: Kind
  name: unknown
  length: unknown
  prototype: unknown
}

/** Functions. Most have no properties of their own, which their hidden class tells; some have a `prototype` that may be replaced. */
export class FunctionStore extends EntryStore {
  readonly objects: AnyFunction[] = []
  readonly #born: Born[] = []
  readonly #natives: Natives | null
  readonly #others: OwnPropertiesStore
  readonly #kinds: readonly Kind[]
  readonly #beside: Beside

  /** @param others takes the functions that have more */
  constructor(natives: Natives | null, others: OwnPropertiesStore, beside: Beside = {}) {
    super()
    this.#beside = beside
    this.#natives = natives
    this.#others = others
    const exemplars = natives === null ? [] : listRealms().flatMap(realm => realm.makeFunctions())
    this.#kinds = exemplars.map(exemplar => {
      const keys = ownKeys(exemplar)
      return { exemplar, keys, hasPrototype: keys.includes('prototype') }
    })
  }

  add(object: object, visit: Visit): void {
    const natives = this.#natives
    const kind =
      natives &&
      !hasElement(object) &&
      this.#kinds.find(({ exemplar }) => natives.hasSameMap(exemplar, object))
    if (!kind) {
      this.#others.add(object, visit)
      visit(this.#beside.edgesOf?.(object))
      if (this.#beside.open && isBound(object)) this.#beside.open(object)
      return
    }
    const given = object as AnyFunction
    // To read it makes one where there is none yet.
    const prototype = kind.hasPrototype ? given.prototype : undefined
    this.objects.push(given)
    this.#born.push({ kind, name: given.name, length: given.length, prototype })
    visit(prototype)
  }

  restoreAt(place: number, report: Report): number {
    const given = this.objects[place] as AnyFunction
    const born = this.#born[place] as Born
    const { exemplar, hasPrototype } = born.kind
    if (!this.#natives?.hasSameMap(exemplar, given) || hasElement(given)) return repair(born, given, report)
    if (!hasPrototype || given.prototype === born.prototype) return 0
    given.prototype = born.prototype
    return 1
  }
}

function repair({ kind, name, length, prototype }: Born, given: object, report: Report): number {
  const { exemplar, keys } = kind
  const values = new Map<PropertyKey, unknown>([
    ['name', name],
    ['length', length],
    ['prototype', prototype],
  ])
  const descriptorAt = (index: number): PropertyDescriptor => {
    const key = keys[index] ?? ''
    const descriptor = getOwnPropertyDescriptor(exemplar, key) ?? {}
    return values.has(key) ? { ...descriptor, value: values.get(key) } : descriptor
  }
  const recorded = { prototype: getPrototypeOf(exemplar), isExtensible: true, keys, descriptorAt }
  return repairProperties(given, recorded, report)
}
