import { types } from 'node:util'
import { edgesOf, rootEdges } from '../heap/find-path.ts'
import type { Roots } from '../heap/recording.ts'
import { getPrototypeOf, isArray, isObject } from '../heap/uncurried.ts'
import type { StateShape } from './saved-profile.ts'

/** Looked at, at most. */
const MAX_OBJECTS = 1_000_000

export interface RecordedState {
  roots: Roots
  boundary: ReadonlySet<object>
  /** Global variables that are left out. */
  isRunnerGlobal(key: PropertyKey): boolean
  /** As many as were recorded. */
  objects: number
}

/** What a recorded state is made of: which root leads to how much of it, and of which classes it is. Calls no getter. */
export function shapeOfState({ roots, boundary, isRunnerGlobal, objects }: RecordedState): StateShape {
  const seen = new Set(boundary)
  const { global = globalThis } = roots
  for (const key of Reflect.ownKeys(global)) {
    const { value } = Object.getOwnPropertyDescriptor(global, key) ?? {}
    if (isRunnerGlobal(key) && isObject(value)) seen.add(value)
  }
  const kinds = new Map<string, number>()
  const byRoot: StateShape['roots'] = {}
  let left = MAX_OBJECTS
  for (const [name, root] of rootEdges(roots)) {
    const found = { objects: 0, bytes: 0 }
    const queue: unknown[] = [root]
    while (queue.length > 0 && left > 0) {
      const object = queue.pop()
      if (!isObject(object) || seen.has(object)) continue
      seen.add(object)
      left--
      found.objects++
      if (types.isAnyArrayBuffer(object)) found.bytes += object.byteLength
      const kind = kindOf(object)
      kinds.set(kind, (kinds.get(kind) ?? 0) + 1)
      // One by one: an array may have more elements than a call takes arguments.
      for (const child of childrenOf(object)) queue.push(child)
    }
    if (found.objects > 0) byRoot[name] = found
  }
  return { objects, roots: byRoot, kinds: Object.fromEntries(kinds) }
}

/** Of what can't be read: none. */
function childrenOf(object: object): unknown[] {
  try {
    return [...edgesOf(object)].map(([, value]) => value)
  } catch {
    return []
  }
}

function kindOf(object: object): string {
  if (types.isProxy(object)) return 'Proxy'
  if (typeof object === 'function') return 'function'
  if (isArray(object)) return 'Array'
  const prototype = getPrototypeOf(object)
  const { value } = (prototype && Object.getOwnPropertyDescriptor(prototype, 'constructor')) ?? {}
  const name = isObject(value) ? Object.getOwnPropertyDescriptor(value, 'name')?.value : undefined
  return typeof name === 'string' && name !== '' ? name : 'Object'
}
