import { types } from 'node:util'
import { EntryStore } from '../log/entry-store.ts'
import {
  defineProperty,
  deleteProperty,
  getOwnPropertyDescriptor,
  getPrototypeOf,
  isArray,
  isExtensible,
  isObject,
  objectIs,
  ownKeys,
  setPrototypeOf,
} from '../uncurried.ts'
import type { Report } from '../unrestorable.ts'

type IsOwn = (key: PropertyKey) => boolean

/** Prototype, extensibility and own properties of one object, not a proxy, whatever their attributes are. */
export class OwnProperties {
  readonly object: object
  readonly #prototype: object | null
  readonly #isExtensible: boolean
  readonly #keys: readonly PropertyKey[]
  readonly #descriptors: readonly PropertyDescriptor[]
  readonly #isOwn: IsOwn | undefined
  readonly #hasOrder: boolean

  /**
   * @param isOwn which keys count: the elements of a typed array stand for something else
   * @param hasOrder whether the order of the keys counts
   */
  constructor(object: object, isOwn?: IsOwn, hasOrder = true) {
    this.#hasOrder = hasOrder
    this.object = object
    this.#isOwn = isOwn
    this.#prototype = getPrototypeOf(object)
    this.#isExtensible = isExtensible(object)
    this.#keys = isOwn ? ownKeys(object).filter(isOwn) : ownKeys(object)
    this.#descriptors = this.#keys.map(key => describe(object, key))
  }

  /** Shows what the object refers to. */
  visit(visit: (value: unknown) => void): void {
    visit(this.#prototype)
    for (const { value, get, set } of this.#descriptors) {
      if (isObject(value)) visit(value)
      if (get) visit(get)
      if (set) visit(set)
    }
  }

  restore(report: Report): number {
    return repairProperties(
      this.object,
      {
        prototype: this.#prototype,
        isExtensible: this.#isExtensible,
        keys: this.#keys,
        hasOrder: this.#hasOrder,
        descriptorAt: index => this.#descriptors[index] ?? {},
        ...(this.#isOwn && { isOwn: this.#isOwn }),
      },
      report,
    )
  }
}

/** An object's properties as they have to be. */
export interface Recorded {
  prototype: object | null
  isExtensible: boolean
  keys: readonly PropertyKey[]
  descriptorAt(index: number): PropertyDescriptor
  isOwn?: IsOwn
  /** Without it the order of the keys counts. */
  hasOrder?: boolean
}

/** Puts one object back, property by property; says how many things it changed. */
export function repairProperties(object: object, recorded: Recorded, report: Report): number {
  let repairs = 0
  if (getPrototypeOf(object) !== recorded.prototype) {
    repairs++
    if (!setPrototypeOf(object, recorded.prototype))
      report(object, 'its prototype was replaced, and is now fixed')
  }
  if (!hasKeys(object, recorded)) repairs += repairKeys(object, recorded, report)
  const { keys } = recorded
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i] as PropertyKey
    const wanted = recorded.descriptorAt(i)
    const found = getOwnPropertyDescriptor(object, key)
    if (found !== undefined && isSame(found, wanted)) continue
    repairs++
    if (!defineProperty(object, key, wanted)) report(object, `its ${nameKey(key)} was made unwritable`)
  }
  if (recorded.isExtensible && !isExtensible(object)) {
    report(object, 'it was frozen, sealed or made non-extensible')
  }
  return repairs
}

function hasKeys(object: object, { keys, isOwn, hasOrder = true }: Recorded): boolean {
  let found: PropertyKey[] = ownKeys(object)
  if (isOwn) found = found.filter(isOwn)
  if (found.length !== keys.length) return false
  if (!hasOrder) return new Set([...keys, ...found]).size === keys.length
  for (let i = 0; i < found.length; i++) if (found[i] !== keys[i]) return false
  return true
}

/** Takes away what is new, and all from the first key on that is not in its place: to be defined again in the right order. */
function repairKeys(object: object, { keys, isOwn, hasOrder = true }: Recorded, report: Report): number {
  let repairs = 0
  const wanted = new Set(keys)
  for (const key of ownKeys(object)) {
    if (wanted.has(key) || isOwn?.(key) === false) continue
    repairs++
    if (!deleteProperty(object, key)) report(object, `a ${nameKey(key)} was added that can't be removed`)
  }
  if (!hasOrder || !isExtensible(object)) return repairs
  const left = ownKeys(object).filter(key => wanted.has(key))
  // Names have an order of their own, and symbols too.
  for (const isOfKind of [isName, isSymbol]) {
    repairs += repairOrder(object, keys.filter(isOfKind), left.filter(isOfKind), report)
  }
  return repairs
}

/** @param left of the keys in `ordered` those that it has */
function repairOrder(
  object: object,
  ordered: readonly PropertyKey[],
  left: readonly PropertyKey[],
  report: Report,
): number {
  const firstOff = left.findIndex((key, index) => key !== ordered[index])
  if (firstOff === -1) return left.length < ordered.length ? 1 : 0
  for (const key of left.slice(firstOff)) {
    const isStuck = !deleteProperty(object, key) && !isInPlace(object, key)
    if (isStuck)
      report(object, `its ${nameKey(key)} can't be removed, so the order of its properties is another`)
  }
  return 1
}

const isSymbol = (key: PropertyKey): boolean => typeof key === 'symbol'

/** Elements come before those, and in the order of their numbers, whenever they were added. */
const isName = (key: PropertyKey): boolean => !isSymbol(key) && !isElement(key)

/** What is built into an object comes first of all that has a name. */
function isInPlace(object: object, key: PropertyKey): boolean {
  return key === 'length' && isExotic(object)
}

function isElement(key: PropertyKey): boolean {
  if (typeof key !== 'string') return false
  const index = Number(key)
  return index >= 0 && index < MAX_INDEX && Number.isInteger(index) && String(index) === key
}

/** V8 keeps larger numbers in the order they were added, as it does names. */
const MAX_INDEX = 2 ** 32 - 1

const isExotic = (object: object): boolean => isArray(object) || types.isBoxedPrimitive(object)

function describe(object: object, key: PropertyKey): PropertyDescriptor {
  return getOwnPropertyDescriptor(object, key) ?? {}
}

function isSame(a: PropertyDescriptor, b: PropertyDescriptor): boolean {
  return (
    objectIs(a.value, b.value) &&
    a.get === b.get &&
    a.set === b.set &&
    a.writable === b.writable &&
    a.enumerable === b.enumerable &&
    a.configurable === b.configurable
  )
}

function nameKey(key: PropertyKey): string {
  return typeof key === 'symbol' ? `property [${String(key)}]` : `property "${String(key)}"`
}

/** Objects that are looked at property by property. */
export class OwnPropertiesStore extends EntryStore {
  readonly objects: object[] = []
  readonly #entries: OwnProperties[] = []

  /** @param isOwn as in {@link OwnProperties} */
  add(object: object, visit: (value: unknown) => void, isOwn?: IsOwn): void {
    const entry = new OwnProperties(object, isOwn)
    this.objects.push(object)
    this.#entries.push(entry)
    entry.visit(visit)
  }

  restoreAt(place: number, report: Report): number {
    return this.#entries[place]?.restore(report) ?? 0
  }
}
