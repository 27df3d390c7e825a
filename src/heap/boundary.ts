import { builtinModules, createRequire } from 'node:module'
import { isObject } from './uncurried.ts'

/** Globals whose objects are shown to no one: of Node, or too large and nobody's state. */
const values = (object: object): unknown[] =>
  Object.values(Object.getOwnPropertyDescriptors(object)).flatMap(({ value, get, set }) => [value, get, set])

/**
 * Objects at which a walk stops, because they are not the state of those who write tests: this realm's built-ins, and what Node
 * exports. Take it before user code runs: what stands in a global variable by then is the runner's.
 *
 * @returns a set that the caller may add to
 */
export function findBoundary(): Set<object> {
  const found = new Set<object>()
  const add = (value: unknown): void => {
    if (isObject(value)) found.add(value)
  }
  for (const value of values(globalThis)) {
    add(value)
    if (!isObject(value) || value === globalThis) continue
    for (const inner of safeValues(value)) add(inner)
    const { prototype } = value as { prototype?: unknown }
    if (isObject(prototype)) for (const inner of [prototype, ...safeValues(prototype)]) add(inner)
  }
  for (const sample of SAMPLES) addPrototypes(sample, add)
  for (const name of builtinModules) if (!/^_|:/.test(name)) addModule(name, add)
  // Listeners are the state of those who add them.
  found.delete((process as unknown as { _events: object })._events)
  return found
}

const require = createRequire(import.meta.url)

/** Those that warn when they are loaded, or that cost more than they are worth. */
const NOT_LOADED: ReadonlySet<string> = new Set([
  'punycode',
  'sys',
  'wasi',
  'inspector',
  'trace_events',
  'repl',
  'test',
])

function addModule(name: string, add: (value: unknown) => void): void {
  if (NOT_LOADED.has(name.replace('node:', '').split('/')[0] ?? '')) return
  // Some are listed with their prefix: Node has them under no other name.
  const exported: unknown = require(name.startsWith('node:') ? name : `node:${name}`)
  add(exported)
  if (isObject(exported)) for (const value of safeValues(exported)) addPrototypes(value, add)
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

/** Objects whose prototypes have no name. */
const SAMPLES: readonly object[] = [
  [][Symbol.iterator](),
  ''[Symbol.iterator](),
  new Map()[Symbol.iterator](),
  new Set()[Symbol.iterator](),
  'a'.matchAll(/a/g),
  function* () {},
  (function* () {})(),
  async () => {},
  async function* () {},
  (async function* () {})(),
  new Uint8Array(),
]
