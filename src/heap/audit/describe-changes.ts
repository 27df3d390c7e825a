import { describeKind } from '../find-path.ts'
import { isObject } from '../uncurried.ts'
import { type Change, NOTHING } from './compare-edges.ts'
import { SCOPE } from './read-inside.ts'

/** More than these tell nobody more. */
const MOST = 20
const LONGEST = 60

/** Each as a clause with its access path. A variable that several functions close over is told once. */
export function describeChanges(found: ReadonlyArray<readonly [path: string, change: Change]>): string[] {
  const told = new Set<string>()
  const clauses: string[] = []
  for (const [path, { step, was, is }] of found) {
    const words = describeChange(was, is)
    if (step.startsWith(SCOPE)) {
      if (told.has(step + words)) continue
      told.add(step + words)
    }
    clauses.push(`\`${path}\` ${words}`)
  }
  const more = clauses.length - MOST
  return more > 0 ? [...clauses.slice(0, MOST - 1), `${clauses[MOST - 1]} (and ${more} more)`] : clauses
}

function describeChange(was: unknown, is: unknown): string {
  if (was === NOTHING) return `was added: ${describe(is)}`
  if (is === NOTHING) return `is gone: ${describe(was)}`
  const [before, now] = [describe(was), describe(is)]
  return before === now ? `is another one: ${now}` : `was ${before} and is ${now}`
}

function describe(value: unknown): string {
  if (isObject(value)) return describeKind(value)
  if (typeof value === 'string')
    return JSON.stringify(value.length > LONGEST ? `${value.slice(0, LONGEST)}…` : value)
  if (Object.is(value, -0)) return '-0'
  return typeof value === 'bigint' ? `${value}n` : String(value)
}
