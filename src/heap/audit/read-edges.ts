import { types } from 'node:util'
import { withInspector } from '../../with-inspector.ts'
import { getPrototypeOf } from '../uncurried.ts'
import type { Edge } from './edge.ts'
import { type InsideOptions, InsideReader } from './read-inside.ts'
import { readOutside } from './read-outside.ts'

/** Objects of these have nothing that reflection does not show. */
const OPEN: ReadonlySet<object | null> = new Set([
  null,
  ...[Object, Array, Map, Set, Date, RegExp, ArrayBuffer, Buffer, Uint8Array].map(
    ({ prototype }) => prototype,
  ),
])

/**
 * What the objects lead to, and are, as reflection and the inspector show it. Runs no user code.
 *
 * @param open those of which the inspector has shown nothing: it is not asked again
 */
export function readEdges(objects: readonly object[], options: InsideOptions, open: Set<object>): Edge[][] {
  const all = objects.map(object => (types.isProxy(object) ? [] : readOutside(object)))
  const closed = objects.flatMap((object, i) => (isOpen(object) || open.has(object) ? [] : [i]))
  if (closed.length === 0) return all
  const inside = withInspector(inspector =>
    new InsideReader(inspector, options).read(closed.map(i => objects[i] as object)),
  )
  for (const [n, i] of closed.entries()) {
    const edges = inside[n] ?? []
    if (edges.length === 0) open.add(objects[i] as object)
    else all[i]?.push(...edges)
  }
  return all
}

function isOpen(object: object): boolean {
  return typeof object === 'object' && !types.isProxy(object) && OPEN.has(getPrototypeOf(object))
}
