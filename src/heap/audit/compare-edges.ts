import { objectIs } from '../uncurried.ts'
import { type Edge, Entries } from './edge.ts'

/** There is, or was, no such thing. */
export const NOTHING: unique symbol = Symbol('nothing')

export interface Change {
  step: string
  was: unknown
  is: unknown
}

/** What of an object is not as it was. */
export function compareEdges(before: readonly Edge[], now: readonly Edge[]): Change[] {
  const changes: Change[] = []
  const found = byStep(now)
  for (const [key, [step, was]] of byStep(before)) {
    const is = found.get(key)?.[1]
    if (!found.delete(key)) changes.push({ step, was, is: NOTHING })
    else if (was instanceof Entries && is instanceof Entries) changes.push(...compareEntries(step, was, is))
    else if (!objectIs(was, is)) changes.push({ step, was, is })
  }
  for (const [step, is] of found.values()) changes.push({ step, was: NOTHING, is })
  return changes.length === 0 && !hasSameOrder(before, now)
    ? [{ step: ' (order of properties)', was: listSteps(before), is: listSteps(now) }]
    : changes
}

/** A function may close over several variables of one name. */
function byStep(edges: readonly Edge[]): Map<string, Edge> {
  const found = new Map<string, Edge>()
  for (const edge of edges) {
    let key = edge[0]
    while (found.has(key)) key += '\0'
    found.set(key, edge)
  }
  return found
}

function compareEntries(step: string, was: Entries, is: Entries): Change[] {
  const changes: Change[] = []
  for (const [key, value] of was.values) {
    const found = is.values.has(key) ? is.values.get(key) : NOTHING
    if (!objectIs(value, found)) changes.push({ step, was: value, is: found })
  }
  for (const [key, value] of is.values)
    if (!was.values.has(key)) changes.push({ step, was: NOTHING, is: value })
  return changes
}

function hasSameOrder(before: readonly Edge[], now: readonly Edge[]): boolean {
  return before.every(([step], i) => now[i]?.[0] === step)
}

function listSteps(edges: readonly Edge[]): string {
  return edges.map(([step]) => step).join(' ')
}
