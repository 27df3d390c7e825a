import { isLateGlobal } from '../late-globals.ts'

type Properties = ReadonlyMap<PropertyKey, PropertyDescriptor>

/** Objects that no global variable holds, and whose methods all code uses. */
const HIDDEN: readonly object[] = [
  async () => {},
  function* () {},
  async function* () {},
  [][Symbol.iterator](),
  new Map()[Symbol.iterator](),
  new Uint8Array(),
].flatMap(value => {
  const prototype: object = Object.getPrototypeOf(value)
  const parent: unknown = Object.getPrototypeOf(prototype)
  return typeof parent === 'object' && parent !== null ? [prototype, parent] : [prototype]
})

/**
 * What a module finds, and may change, that is not its own: global variables, the objects that they hold and the prototypes of
 * those, the environment, listeners of the process.
 */
export class GlobalState {
  readonly #objects = new Map<object, { name: string; properties: Properties }>()
  readonly #rest: string

  constructor() {
    this.#note('globalThis', globalThis)
    for (const [key, { value }] of propertiesOf(globalThis)) {
      if (!isObject(value)) continue
      const name = String(key)
      this.#note(name, value)
      const prototype = Object.getOwnPropertyDescriptor(value, 'prototype')?.value
      if (isObject(prototype)) this.#note(`${name}.prototype`, prototype)
    }
    for (const hidden of HIDDEN) this.#note('a built-in prototype', hidden)
    this.#rest = describeRest()
  }

  /** The first thing that has changed since, but for what was added, or null. */
  findChange(added: ReadonlyMap<PropertyKey, unknown>): string | null {
    for (const [object, { name, properties }] of this.#objects) {
      const now = propertiesOf(object)
      for (const [key, descriptor] of now) {
        if (isLateGlobal(key) || (object === globalThis && added.has(key))) continue
        if (!isSame(object, descriptor, properties.get(key))) return `${name}.${String(key)}`
      }
      if ([...properties.keys()].some(key => !now.has(key))) return `the properties of ${name}`
    }
    return describeRest() === this.#rest
      ? null
      : 'the environment, the current folder or the listeners of the process'
  }

  #note(name: string, object: object): void {
    if (!this.#objects.has(object)) this.#objects.set(object, { name, properties: propertiesOf(object) })
  }
}

function describeRest(): string {
  const listeners = process.eventNames().map(name => [String(name), process.listenerCount(name)])
  return JSON.stringify([process.cwd(), process.env, listeners])
}

function propertiesOf(object: object): Properties {
  return new Map(
    Reflect.ownKeys(object).map(key => [key, Object.getOwnPropertyDescriptor(object, key) ?? {}] as const),
  )
}

function isSame(of: object, now: PropertyDescriptor, before: PropertyDescriptor | undefined): boolean {
  if (before === undefined) return false
  // Node makes some of its global variables when they are first read.
  if (now.get === undefined && before.get !== undefined) return Object.is(now.value, before.get.call(of))
  return Object.is(now.value, before.value) && now.get === before.get && now.set === before.set
}

function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function'
}
