import type { AttributesJournal } from '../attributes-journal.ts'
import { EntryStore } from '../log/entry-store.ts'
import type { Natives } from '../natives.ts'
import {
  getOwnPropertyDescriptor,
  getPrototypeOf,
  hasOwn,
  isExtensible,
  isObject,
  keysOf,
  objectIs,
  ownKeys,
  symbolsOf,
  valuesOf,
} from '../uncurried.ts'
import type { Report } from '../unrestorable.ts'
import { repairProperties } from './own-properties.ts'

type Visit = (value: unknown) => void

/** V8 gives no hidden class to an object with far more properties than this. */
const MAX_FAST = 512

/** `Error.captureStackTrace` defines it, with attributes of its own. */
const STACK = 'stack'

interface Entry {
  object: Readonly<Record<string, unknown>>
  prototype: object | null
  keys: readonly string[]
  values: readonly unknown[]
  /** Its values are listed in less time than they are read one by one. */
  isListed: boolean
}

/**
 * Objects whose properties are all as an assignment makes them, each for itself: dictionaries, tables, and whatever there is
 * little of with one hidden class. Keys and values are compared as lists, which takes a tenth of the time of asking for each
 * property. That reads properties, and so assumes that none has become an accessor: the journal tells.
 */
export class OrdinaryStore extends EntryStore {
  readonly objects: object[] = []
  readonly #natives: Natives | null
  readonly #journal: AttributesJournal
  readonly #isJournalWhole: () => boolean
  readonly #entries: Entry[] = []
  #lastKeys: readonly string[] = []
  #isCertain = false

  /** @param isJournalWhole whether all that may have defined properties since is in the journal; asked once a restore */
  constructor(natives: Natives | null, journal: AttributesJournal, isJournalWhole: () => boolean) {
    super()
    this.#natives = natives
    this.#journal = journal
    this.#isJournalWhole = isJournalWhole
  }

  /** Records an object that is neither a function nor of a kind with more state; false, and nothing done, where it can't. */
  add(object: object, visit: Visit): boolean {
    if (this.#journal.has(object) || !isExtensible(object)) return false
    const keys = ownKeys(object)
    if (keys.length === 0) return false
    const values: unknown[] = []
    for (const key of keys) {
      const descriptor = typeof key === 'string' ? getOwnPropertyDescriptor(object, key) : undefined
      if (descriptor === undefined || !isAssigned(descriptor)) return false
      values.push(descriptor.value)
    }
    const prototype = getPrototypeOf(object)
    visit(prototype)
    for (const value of values) if (isObject(value)) visit(value)
    this.objects.push(object)
    this.#entries.push({
      object: object as Entry['object'],
      prototype,
      keys: this.#share(keys as string[]),
      values,
      isListed: this.#makeFast(object, keys.length),
    })
    return true
  }

  override restore(report: Report): number {
    this.#isCertain = this.#isJournalWhole()
    return super.restore(report)
  }

  override restoreSome(places: Uint32Array, report: Report): number {
    this.#isCertain = this.#isJournalWhole()
    return super.restoreSome(places, report)
  }

  restoreAt(place: number, report: Report): number {
    const entry = this.#entries[place] as Entry
    const isAsBefore = this.#isCertain && !this.#journal.has(entry.object) && isUnchanged(entry)
    return isAsBefore ? 0 : repair(entry, report)
  }

  /** An object in dictionary mode is given a hidden class, as V8 does by itself to those it finds worth it. */
  #makeFast(object: object, count: number): boolean {
    const natives = this.#natives
    if (natives === null || count > MAX_FAST) return false
    if (!natives.hasFastProperties(object)) natives.toFastProperties(object)
    return natives.hasFastProperties(object)
  }

  /** One list for objects with the same keys, which often come one after the other. */
  #share(keys: readonly string[]): readonly string[] {
    if (!isSameList(keys, this.#lastKeys)) this.#lastKeys = keys
    return this.#lastKeys
  }
}

function isAssigned({ value: _, writable, enumerable, configurable, get, set }: PropertyDescriptor): boolean {
  return Boolean(writable && enumerable && configurable) && get === undefined && set === undefined
}

function isUnchanged({ object, prototype, keys, values, isListed }: Entry): boolean {
  if (getPrototypeOf(object) !== prototype || !isExtensible(object)) return false
  if (!isSameList(keysOf(object), keys) || symbolsOf(object).length > 0) return false
  if (hasOwn(object, STACK) && !keys.includes(STACK)) return false
  const found = isListed ? valuesOf(object) : null
  for (let i = 0; i < values.length; i++) {
    const value = found === null ? object[keys[i] as string] : found[i]
    if (value !== values[i] || value === 0) if (!objectIs(value, values[i])) return false
  }
  return true
}

function isSameList(a: readonly string[], b: readonly string[]): boolean {
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}

function repair({ object, prototype, keys, values }: Entry, report: Report): number {
  const descriptorAt = (index: number): PropertyDescriptor => ({
    value: values[index],
    writable: true,
    enumerable: true,
    configurable: true,
  })
  return repairProperties(object, { prototype, isExtensible: true, keys, descriptorAt }, report)
}
