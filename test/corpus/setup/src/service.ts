import { next } from './counter.ts'

export const cache: Map<string, number> = new Map()

export function idOf(name: string): number {
  const known = cache.get(name)
  if (known !== undefined) return known
  const id = next()
  cache.set(name, id)
  return id
}
