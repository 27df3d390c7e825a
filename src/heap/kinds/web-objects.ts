import { getOwnPropertyDescriptor, getPrototypeOf } from '../uncurried.ts'
import type { Report, Store } from '../unrestorable.ts'

type Visit = (value: unknown) => void
type State = readonly unknown[]

/** A class of the web, whose objects have state that is no property. */
interface WebClass {
  /** Throws for what is no object of the class, though it may inherit from it. @param of the prototype: subclasses override */
  read(object: object, of: object): State
  /** Missing where nothing makes an object what it was. */
  write?(object: object, of: object, state: State): void
  /** What may have happened to one that can't be made what it was. */
  why?: string
}

/** The methods that lists of named values have in common. */
interface List {
  entries(): Iterable<readonly [string, string]>
  keys(): Iterable<string>
  delete(name: string): void
  append(name: string, value: string): void
}

const LIST: WebClass = {
  read: (object, of) => {
    const state: string[] = []
    for (const [name, value] of (of as List).entries.call(object)) state.push(name, value)
    return state
  },
  write: (object, of, state) => {
    const { keys, delete: remove, append } = of as List
    for (const name of [...keys.call(object)]) remove.call(object, name)
    for (let i = 0; i < state.length; i += 2) append.call(object, state[i] as string, state[i + 1] as string)
  },
}

const flag = (name: string, why: string): WebClass => ({
  read: (object, of) => [Reflect.get(of, name, object)],
  why,
})

/** By the name of the global variable that holds the class. */
const CLASSES: Readonly<Record<string, WebClass>> = {
  URL: {
    read: (object, of) => [Reflect.get(of, 'href', object)],
    write: (object, of, [href]) => Reflect.set(of, 'href', href, object),
  },
  URLSearchParams: LIST,
  Headers: LIST,
  FormData: LIST,
  // Its signal is the same one always, and is looked after by itself.
  AbortController: flag('signal', 'it has another signal'),
  Request: flag('bodyUsed', 'its body has been read'),
  Response: flag('bodyUsed', 'its body has been read'),
  ReadableStream: flag('locked', 'it has been locked'),
}

interface Found {
  of: object
  type: WebClass
}

/** By prototype, because a program has few of those. */
const known = new WeakMap<object, Found | 'none'>()

/** The class that an object of this prototype inherits from. */
function findClass(prototype: object): Found | null {
  const before = known.get(prototype)
  if (before !== undefined) return before === 'none' ? null : before
  const type = classOf(prototype)
  const above = getPrototypeOf(prototype)
  const found = type === null ? above && findClass(above) : { of: prototype, type }
  known.set(prototype, found ?? 'none')
  return found
}

/** Some are made when they are first used: then their variable is an accessor, and nobody has one of their objects. */
function classOf(prototype: object): WebClass | null {
  const made: unknown = getOwnPropertyDescriptor(prototype, 'constructor')?.value
  if (typeof made !== 'function') return null
  const name: unknown = getOwnPropertyDescriptor(made, 'name')?.value
  if (typeof name !== 'string' || !Object.hasOwn(CLASSES, name)) return null
  return getOwnPropertyDescriptor(globalThis, name)?.value === made ? (CLASSES[name] ?? null) : null
}

/** What an object of such a class holds; null for any other. */
function readObject(object: object): (Found & { state: State }) | null {
  const prototype = getPrototypeOf(object)
  const found = prototype && findClass(prototype)
  if (!found) return null
  try {
    return { ...found, state: found.type.read(object, found.of) }
  } catch {
    return null
  }
}

export function isWebObject(object: object): boolean {
  return readObject(object) !== null
}

/** Objects of the web's classes: addresses, lists of headers, signals. */
export class WebObjectStore implements Store {
  readonly #entries: Array<Found & { object: object; state: State }> = []

  add(object: object, visit: Visit): void {
    const read = readObject(object)
    if (read === null) return
    this.#entries.push({ ...read, object })
    for (const value of read.state) visit(value)
  }

  restore(report: Report): number {
    let repairs = 0
    for (const { object, of, type, state } of this.#entries) {
      const found = type.read(object, of)
      if (found.length === state.length && found.every((value, i) => Object.is(value, state[i]))) continue
      repairs++
      if (type.write === undefined) report(object, type.why ?? 'it has changed')
      else type.write(object, of, state)
    }
    return repairs
  }
}
