import { EntryStore } from '../log/entry-store.ts'
import type { Natives } from '../natives.ts'
import { listRealms, ownRealm } from '../realms.ts'
import { isFrozen, isObject, objectIs, ownKeys } from '../uncurried.ts'
import type { Report } from '../unrestorable.ts'
import { type OwnPropertiesStore, repairProperties } from './own-properties.ts'

type Visit = (value: unknown) => void

const DATA = { writable: true, enumerable: true, configurable: true }

/**
 * Arrays without holes and without properties of their own. The values of all stand one after the other.
 * Their hidden class tells that they are still of that kind: writable, extensible, with no other property.
 */
export class ArrayGroup extends EntryStore {
  readonly objects: unknown[][] = []
  readonly #natives: Natives | null
  /** Of each realm. */
  readonly #exemplars = listRealms().flatMap(realm => realm.makeArrays())
  readonly #prototypes = listRealms().map(({ arrayPrototype }) => arrayPrototype)
  readonly #others: OwnPropertiesStore
  readonly #lengths: number[] = []
  /** Numbers of their prototypes, if there is more than one. */
  readonly #realms: number[] = []
  /** Where the values of each begin. */
  readonly #starts: number[] = []
  readonly #values: unknown[] = []

  /** @param others takes the arrays that are not of that kind */
  constructor(natives: Natives | null, others: OwnPropertiesStore) {
    super()
    this.#natives = natives
    this.#others = others
  }

  add(array: unknown[], visit: Visit): void {
    if (!this.#isOrdinary(array) || isFrozen(array) || !this.#capture(array, visit))
      this.#others.add(array, visit)
  }

  /** False, with nothing captured, for one with holes. */
  #capture(array: unknown[], visit: Visit): boolean {
    const start = this.#values.length
    for (let i = 0; i < array.length; i++) {
      const value = array[i]
      if (value === undefined && !Object.hasOwn(array, i)) {
        this.#values.length = start
        return false
      }
      this.#values.push(value)
      if (isObject(value)) visit(value)
    }
    this.objects.push(array)
    this.#starts.push(start)
    this.#lengths.push(array.length)
    if (this.#prototypes.length > 1) this.#realms.push(this.#prototypes.indexOf(Object.getPrototypeOf(array)))
    return true
  }

  restoreAt(place: number, report: Report): number {
    const array = this.objects[place] as unknown[]
    const length = this.#lengths[place] as number
    const at = this.#starts[place] as number
    const values = this.#values
    if (array.length !== length || !this.#isOrdinary(array))
      return repairArray(array, values.slice(at, at + length), this.#prototypeAt(place), report)
    let repairs = 0
    for (let k = 0; k < length; k++) {
      const value = array[k]
      const wanted = values[at + k]
      if (value !== wanted) {
        if (objectIs(value, wanted)) continue
      } else if (value === undefined ? Object.hasOwn(array, k) : value !== 0 || objectIs(value, wanted)) {
        continue
      }
      array[k] = wanted
      repairs++
    }
    return repairs
  }

  #prototypeAt(place: number): object {
    return this.#prototypes[this.#realms[place] ?? 0] ?? ownRealm.arrayPrototype
  }

  #isOrdinary(array: unknown[]): boolean {
    const natives = this.#natives
    return natives !== null && this.#exemplars.some(exemplar => natives.hasSameMap(exemplar, array))
  }
}

function repairArray(
  array: unknown[],
  values: readonly unknown[],
  prototype: object,
  report: Report,
): number {
  const { length } = values
  // The usual change, a longer or shorter list, without a look at each element.
  if (Object.isExtensible(array) && !isFrozen(array) && isWritable(array)) {
    let repairs = 0
    if (array.length !== length) {
      array.length = Math.min(array.length, length)
      repairs++
    }
    if (hasOnlyData(array, prototype)) {
      for (let i = 0; i < length; i++) {
        if (i < array.length && objectIs(array[i], values[i]) && Object.hasOwn(array, i)) continue
        array[i] = values[i]
        repairs++
      }
      return repairs
    }
  }
  const keys = [...Array.from(values, (_, i) => String(i)), 'length']
  const descriptorAt = (i: number): PropertyDescriptor =>
    i < length
      ? { ...DATA, value: values[i] }
      : { value: length, writable: true, enumerable: false, configurable: false }
  const recorded = { prototype, isExtensible: true, keys, descriptorAt }
  return repairProperties(array, recorded, report)
}

function isWritable(array: unknown[]): boolean {
  return Object.getOwnPropertyDescriptor(array, 'length')?.writable === true
}

/** No accessor, no attribute, no property but elements, and the usual prototype: assigning is enough. */
function hasOnlyData(array: unknown[], prototype: object): boolean {
  if (Object.getPrototypeOf(array) !== prototype) return false
  return ownKeys(array).every(key => {
    if (key === 'length') return true
    const descriptor = Object.getOwnPropertyDescriptor(array, key)
    if (descriptor === undefined || typeof key === 'symbol' || !/^\d+$/.test(key)) return false
    return Boolean(descriptor.writable && descriptor.enumerable && descriptor.configurable)
  })
}
