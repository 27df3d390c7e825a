import { builtinModules, createRequire } from 'node:module'
import { ownRealm, type Realm } from '../realms.ts'
import { isObject } from '../uncurried.ts'

/** Values of all own properties, and the functions of accessors: no getter is called. */
const values = (object: object, isWanted: (key: PropertyKey) => boolean = () => true): unknown[] =>
  Reflect.ownKeys(object).flatMap(key => {
    if (!isWanted(key)) return []
    const { value, get, set } = Object.getOwnPropertyDescriptor(object, key) ?? {}
    return [value, get, set]
  })

/**
 * Objects at which a walk stops, because they are not the state of those who write tests: a realm's built-ins, and what Node
 * exports, see `addLoadedModules`. In another realm only what this one has too counts as built in. Take it before user code runs: what stands in a global variable by then is the runner's.
 *
 * @returns a set that the caller may add to
 */
export function findBoundary(realm: Realm = ownRealm): Set<object> {
  const { global } = realm
  const found = new Set<object>()
  const add = (value: unknown): void => {
    if (isObject(value)) found.add(value)
  }
  for (const value of values(global, key => Object.hasOwn(globalThis, key))) {
    add(value)
    if (!isObject(value) || value === global) continue
    for (const inner of safeValues(value)) add(inner)
    const { prototype } = value as { prototype?: unknown }
    if (isObject(prototype)) for (const inner of [prototype, ...safeValues(prototype)]) add(inner)
  }
  for (const sample of realm.samples()) addPrototypes(sample, add)
  // It is put back by itself, see `ProcessState`; a global variable has it behind a getter.
  add(process)
  // Listeners are the state of those who add them, and so is the environment where it is a copy.
  for (const each of [process, global.process]) {
    const { _events: listeners, env } = (each ?? {}) as { _events?: object; env?: object }
    for (const state of [listeners, each === process ? undefined : env]) if (state) found.delete(state)
  }
  return found
}

/** Listeners are the state of those who add them, also where `node:process` is one of the modules that have been loaded. */
function listenersOfProcess(): object {
  return (process as unknown as { _events: object })._events
}

const require = createRequire(import.meta.url)

/** Modules of Node that have been loaded, by any of their names. */
function listLoaded(): string[] {
  const loaded = new Set((process as unknown as { moduleLoadList: string[] }).moduleLoadList)
  const isLoaded = (name: string): boolean => loaded.has(`NativeModule ${name.replace('node:', '')}`)
  return builtinModules.filter(name => !name.startsWith('_') && isLoaded(name))
}

/** Adds what the modules of Node export that have been loaded since it was last asked. @param known their names */
export function addLoadedModules(boundary: Set<object>, known: Set<string>): void {
  for (const name of listLoaded()) {
    if (known.has(name)) continue
    known.add(name)
    addModule(name, value => {
      if (isObject(value) && value !== listenersOfProcess()) boundary.add(value)
    })
  }
}

/** What a module of Node loads when it is asked for: an ES module that imports any of it holds it. */
const LAZY: Readonly<Record<string, readonly string[]>> = { net: ['BlockList', 'SocketAddress'] }

function addModule(name: string, add: (value: unknown) => void): void {
  const exported: unknown = require(name.startsWith('node:') ? name : `node:${name}`)
  add(exported)
  if (!isObject(exported)) return
  for (const value of safeValues(exported)) addPrototypes(value, add)
  for (const key of LAZY[name] ?? []) addPrototypes(Reflect.get(exported, key), add)
}

function addPrototypes(value: unknown, add: (value: unknown) => void): void {
  if (!isObject(value)) return
  add(value)
  add((value as { prototype?: unknown }).prototype)
  for (let at = Object.getPrototypeOf(value); at !== null; at = Object.getPrototypeOf(at)) add(at)
}

/** A proxy may throw. */
function safeValues(object: object): unknown[] {
  try {
    return values(object)
  } catch {
    return []
  }
}
