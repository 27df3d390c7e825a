import type { RootStore } from 'forkpoint/adapter'
import { vi } from 'vitest'
import { missing } from './internals.ts'

/**
 * Where Vitest keeps what its mocks are set to, and which there are: collections that no one can name. A mock that is made while
 * their methods are watched shows them.
 *
 * @returns state to be put back with that of the tests
 */
export function findMockState(): RootStore {
  const seen = new Map<object, unknown[]>()
  const undo = [watch(WeakMap.prototype, 'set', seen), watch(Set.prototype, 'add', seen)]
  const target = { method: () => {} }
  let mock: object
  try {
    mock = vi.spyOn(target, 'method')
  } finally {
    for (const each of undo) each()
  }
  const collections = [...seen.keys()]
  const isKnown = collections.some(each => each instanceof WeakMap && each.has(mock))
  if (!isKnown || !collections.some(each => each instanceof Set && each.has(mock)))
    throw missing('the list of mocks of @vitest/spy')
  for (const [collection, values] of seen) {
    if (collection instanceof Set) for (const value of values) collection.delete(value)
  }
  return { visit: visit => collections.forEach(visit), restore: () => 0 }
}

/** Collects what the method is called on, and with. The function that is returned puts the method back. */
function watch(prototype: object, name: 'set' | 'add', seen: Map<object, unknown[]>): () => void {
  const descriptor = Object.getOwnPropertyDescriptor(prototype, name)
  const method: (this: object, ...args: unknown[]) => unknown = descriptor?.value
  const watching = function (this: object, ...args: unknown[]): unknown {
    seen.set(this, [...(seen.get(this) ?? []), args[0]])
    return method.apply(this, args)
  }
  Object.defineProperty(prototype, name, { ...descriptor, value: watching })
  return () => Object.defineProperty(prototype, name, descriptor ?? {})
}
