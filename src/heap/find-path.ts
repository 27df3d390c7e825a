import { types } from 'node:util'
import { internalsOf } from './internals.ts'
import type { Roots } from './recording.ts'
import { isObject, mapForEach, setForEach } from './uncurried.ts'

/** One step of an access path. */
type Edge = readonly [step: string, value: unknown]

/** Objects that are looked at for a path, at most. */
const MAX_OBJECTS = 1_000_000

/**
 * How one gets from a root to an object, as a reader would write it: `src/cache.ts › users.get("a").roles[2]`. The shortest way; of
 * an object that is in none of the roots any more only its kind.
 */
export function findPath(roots: Roots, target: object, boundary: ReadonlySet<object>): string {
  if (target === process) return 'process'
  if (target === (roots.global ?? globalThis)) return 'globalThis'
  const cameFrom = new Map<object, readonly [from: object | null, step: string]>()
  const queue: object[] = []
  const reach = (from: object | null, edges: Iterable<Edge>): void => {
    for (const [step, value] of edges) {
      if (!isObject(value) || cameFrom.has(value) || (from !== null && boundary.has(value))) continue
      cameFrom.set(value, [from, step])
      queue.push(value)
    }
  }
  reach(null, rootEdges(roots))
  for (let i = 0; i < queue.length && i < MAX_OBJECTS; i++) {
    const object = queue[i] as object
    if (object === target) return write(object, cameFrom)
    reach(
      object,
      safely(() => [...edgesOf(object)]),
    )
  }
  return describeKind(target)
}

/** Variables of modules, and those that are global, by the names that paths begin with. */
export function* rootEdges(roots: Roots): Iterable<Edge> {
  for (const { label, names, read } of roots.cells)
    yield* safely(() => names.map((name, i): Edge => [`${label} › ${name}`, read()[i]]))
  for (const [step, value] of edgesOfObject(roots.global ?? globalThis)) yield [`globalThis${step}`, value]
}

function write(object: object, cameFrom: ReadonlyMap<object, readonly [object | null, string]>): string {
  const steps: string[] = []
  for (let at: object | null = object; at !== null; ) {
    const [from, step]: readonly [object | null, string] = cameFrom.get(at) ?? [null, '']
    steps.unshift(step)
    at = from
  }
  return steps.join('')
}

/** What an object leads to. Calls no getter. */
export function* edgesOf(object: object): Iterable<Edge> {
  if (types.isProxy(object)) return
  if (types.isMap(object)) yield* edgesOfMap(object)
  if (types.isSet(object)) yield* edgesOfSet(object)
  yield* edgesOfObject(object)
  yield* internalsOf(object)
  yield ['.__proto__', Object.getPrototypeOf(object)]
}

function* edgesOfObject(object: object): Iterable<Edge> {
  if (ArrayBuffer.isView(object)) {
    yield ['.buffer', object.buffer]
    return
  }
  for (const key of Reflect.ownKeys(object)) {
    const { value, get, set } = Object.getOwnPropertyDescriptor(object, key) ?? {}
    const step = writeKey(key)
    yield [step, value]
    if (get) yield [`${step} (getter)`, get]
    if (set) yield [`${step} (setter)`, set]
  }
}

function edgesOfMap(map: Map<unknown, unknown>): Edge[] {
  const edges: Edge[] = []
  let i = 0
  mapForEach(map, (value, key) => {
    edges.push([`.get(${writeValue(key)})`, value], [` (key ${i})`, key])
    i++
  })
  return edges
}

function edgesOfSet(set: Set<unknown>): Edge[] {
  const edges: Edge[] = []
  setForEach(set, value => edges.push([` (value ${edges.length})`, value]))
  return edges
}

/** `.name`, `[0]`, `["two words"]`. */
export function writeKey(key: PropertyKey): string {
  if (typeof key === 'symbol') return `[${String(key)}]`
  const name = String(key)
  if (/^\d+$/.test(name)) return `[${name}]`
  return /^[A-Za-z_$][\w$]*$/.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`
}

function writeValue(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value)
  return isObject(value) ? describeKind(value) : String(value)
}

/** `[object Map]` becomes `a Map`. */
export function describeKind(object: object): string {
  // To ask it would call a trap, or throw where it has been revoked.
  if (types.isProxy(object)) return 'a proxy'
  const kind = Object.prototype.toString.call(object).slice(8, -1)
  return `${/^[AEIO]/.test(kind) ? 'an' : 'a'} ${kind}`
}

/** What can't be read leads nowhere. */
function safely(read: () => Edge[]): Edge[] {
  try {
    return read()
  } catch {
    return []
  }
}
