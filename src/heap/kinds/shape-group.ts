import type { LoggedStore } from '../log/entry-store.ts'
import type { Natives } from '../natives.ts'
import { getOwnPropertyDescriptor, getPrototypeOf, isExtensible, isFrozen, ownKeys } from '../uncurried.ts'
import type { Report } from '../unrestorable.ts'
import { repairProperties } from './own-properties.ts'

type Visit = (value: unknown) => void

/**
 * For the objects from `start` to `end`: those with the hidden class of `exemplar` are compared field by field. Stops at the
 * first that has another one, or is given an element; the number of the object is returned, and in `fixed.count` the repairs.
 */
type FixRun = (
  objects: readonly object[],
  values: unknown[],
  start: number,
  end: number,
  exemplar: object,
  fixed: { count: number },
) => number

/** One restore: hidden classes of objects that are known to be as recorded, and what was put back. */
interface Pass {
  exemplars: object[]
  fixed: { count: number }
  report: Report
}

interface Code {
  capture(object: object, values: unknown[], visit: Visit): void
  fixRun: FixRun
}

/** More fields than this make long functions that V8 does not optimize. */
const MAX_FIELDS = 64

/** Hidden classes by which unchanged objects of a group are known: V8 gives them new ones when a field's type widens. */
const MAX_EXEMPLARS = 8

const isIndex = (key: PropertyKey): boolean => typeof key === 'string' && /^(0|[1-9]\d{0,9})$/.test(key)

/**
 * Objects that had the same hidden class when they were recorded: the same data properties, all writable and configurable,
 * or all frozen. Their values stand one after the other in one array, and code made for the group compares them.
 */
export class ShapeGroup implements LoggedStore {
  readonly objects: object[] = []
  readonly memory = 'object'
  readonly #natives: Natives
  readonly #prototype: object | null
  readonly #keys: readonly PropertyKey[]
  /** Of each key: the message of an error is not. */
  readonly #isEnumerable: readonly boolean[]
  readonly #isFrozen: boolean
  readonly #code: Code
  readonly #first: string | undefined
  readonly #values: unknown[] = []
  /** One of the objects. While recording no user code runs, so it has the hidden class of the group. */
  readonly #model: object

  private constructor(model: object, keys: readonly PropertyKey[], natives: Natives) {
    this.#natives = natives
    this.#model = model
    this.#prototype = getPrototypeOf(model)
    this.#keys = keys
    this.#isEnumerable = keys.map(key => getOwnPropertyDescriptor(model, key)?.enumerable === true)
    this.#isFrozen = keys.length > 0 && isFrozen(model)
    this.#first = firstEnumerable(model, keys)
    this.#code = compile(keys, this.#first)
  }

  /** The group of an object like this one; null where its fields can't be told by their hidden class. */
  static of(model: object, natives: Natives): ShapeGroup | null {
    if (!natives.hasFastProperties(model)) return null
    const keys = ownKeys(model)
    if (keys.length > MAX_FIELDS || keys.some(isIndex)) return null
    const descriptors = keys.map(key => getOwnPropertyDescriptor(model, key))
    const isData = descriptors.every(descriptor => descriptor !== undefined && 'value' in descriptor)
    if (!isData) return null
    const isPlain = descriptors.every(descriptor => descriptor?.writable && descriptor.configurable)
    return (isPlain && isExtensible(model)) || (keys.length > 0 && isFrozen(model))
      ? new ShapeGroup(model, keys, natives)
      : null
  }

  has(object: object): boolean {
    return this.#natives.hasSameMap(object, this.#model) && !hasElements(object, this.#first)
  }

  add(object: object, visit: Visit): void {
    if (this.objects.length === 0) visit(this.#prototype)
    this.objects.push(object)
    this.#code.capture(object, this.#values, visit)
  }

  restore(report: Report): number {
    if (this.#isFrozen) return 0
    const pass = { exemplars: [], fixed: { count: 0 }, report }
    for (let at = 0; at < this.objects.length; ) at = this.#advance(at, this.objects.length, pass)
    return pass.fixed.count
  }

  restoreSome(places: Uint32Array, report: Report): number {
    if (this.#isFrozen) return 0
    const pass = { exemplars: [], fixed: { count: 0 }, report }
    for (let i = 0; i < places.length; i++) {
      const place = places[i] as number
      this.#advance(place, place + 1, pass)
    }
    return pass.fixed.count
  }

  /** Restores the object at this place, and those after it that have its hidden class; says where it stopped. */
  #advance(at: number, end: number, { exemplars, fixed, report }: Pass): number {
    const object = this.objects[at] as object
    const exemplar = exemplars.find(each => this.#natives.hasSameMap(each, object))
    if (exemplar !== undefined && !hasElements(object, this.#first))
      return this.#code.fixRun(this.objects, this.#values, at, end, exemplar, fixed)
    fixed.count += this.#repair(object, at, report)
    const isModel = exemplars.length < MAX_EXEMPLARS && this.#natives.hasFastProperties(object)
    if (isModel) exemplars.push(object)
    return at + 1
  }

  #repair(object: object, at: number, report: Report): number {
    const start = at * this.#keys.length
    const descriptorAt = (index: number): PropertyDescriptor => ({
      value: this.#values[start + index],
      writable: true,
      enumerable: this.#isEnumerable[index] === true,
      configurable: true,
    })
    const recorded = { prototype: this.#prototype, isExtensible: true, keys: this.#keys, descriptorAt }
    return repairProperties(object, recorded, report)
  }
}

/** Elements are not told by the hidden class. They come first in the order of keys, so the first key tells. */
function hasElements(object: object, first: string | undefined): boolean {
  for (const key in object) return key !== first
  return first !== undefined
}

function firstEnumerable(object: object, keys: readonly PropertyKey[]): string | undefined {
  for (const key of keys) {
    if (typeof key === 'string' && getOwnPropertyDescriptor(object, key)?.enumerable) return key
  }
  return undefined
}

/** By the keys, and whether they are symbols: groups with the same ones share their code. */
const compiled = new Map<string, Code>()

function compile(keys: readonly PropertyKey[], first: string | undefined): Code {
  const isShared = keys.every(key => typeof key === 'string')
  const name = isShared ? JSON.stringify([keys, first]) : ''
  const known = isShared ? compiled.get(name) : undefined
  if (known !== undefined) return known
  const code = generate(keys, first)
  if (isShared) compiled.set(name, code)
  return code
}

function generate(keys: readonly PropertyKey[], first: string | undefined): Code {
  const accesses = keys.map((key, i) =>
    typeof key === 'string' ? `[${JSON.stringify(key)}]` : `[keys[${i}]]`,
  )
  const captures = accesses.map(
    access =>
      `v = o${access}; values.push(v); if ((typeof v === 'object' && v !== null) || typeof v === 'function') visit(v)`,
  )
  // NaN differs from itself and stays; 0 and -0 are equal and differ.
  const fixes = accesses.map(
    (access, i) =>
      `v = o${access}; w = values[at + ${i}]; if (v !== w ? v === v || w === w : v === 0 && 1 / v !== 1 / w) { o${access} = w; n++ }`,
  )
  const element = `let k0; for (k0 in o) break; if (k0 !== ${first === undefined ? 'undefined' : JSON.stringify(first)}) break`
  const source = `
    return {
      capture(o, values, visit) { let v; ${captures.join('; ')} },
      fixRun(objects, values, start, end, exemplar, fixed) {
        let v, w, n = 0, i = start
        for (let at = start * ${keys.length}; i < end; i++, at += ${keys.length}) {
          const o = objects[i]
          if (!%HaveSameMap(o, exemplar)) break
          ${element}
          ${fixes.join('; ')}
        }
        fixed.count += n
        return i
      },
    }`
  return new Function('keys', source)(keys) as Code
}
