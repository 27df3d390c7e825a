import { types } from 'node:util'

/**
 * All that reflection can see of a graph, as text: properties with their attributes and order, prototypes, entries, bytes. Objects
 * are numbered by identity over all calls of one describer, so that two descriptions are equal only if the objects are the same ones.
 */
export class GraphDescriber {
  readonly #numbers = new Map<object, number>()

  describe(root: object): string {
    const lines: string[] = []
    const seen = new Set<object>([root])
    for (const object of seen) {
      lines.push(this.#describeOne(object, next => seen.add(next)))
    }
    return lines.join('\n')
  }

  #describeOne(object: object, visit: (object: object) => void): string {
    const value = (given: unknown): string => {
      if ((typeof given === 'object' && given !== null) || typeof given === 'function') {
        if (!BUILT_INS.has(given)) visit(given)
        return this.#number(given)
      }
      if (typeof given === 'bigint') return `${given}n`
      return `${typeof given}:${Object.is(given, -0) ? '-0' : String(given)}`
    }
    const parts = [
      this.#number(object),
      Object.isExtensible(object) ? '' : 'fixed',
      value(Object.getPrototypeOf(object)),
    ]
    for (const key of Reflect.ownKeys(object)) {
      if (ArrayBuffer.isView(object) && typeof key === 'string' && /^\d+$/.test(key)) continue
      const { get, set, writable, enumerable, configurable, ...rest } =
        Object.getOwnPropertyDescriptor(object, key) ?? {}
      const attributes = [writable, enumerable, configurable].map(each => (each ? 1 : 0)).join('')
      parts.push(
        `${String(key)}=${attributes}${get || set ? `${value(get)} ${value(set)}` : value(rest.value)}`,
      )
    }
    if (types.isMap(object)) for (const [k, v] of object) parts.push(`${value(k)} => ${value(v)}`)
    if (types.isSet(object)) for (const k of object) parts.push(value(k))
    if (types.isDate(object)) parts.push(String(object.getTime()))
    if (types.isArrayBuffer(object)) parts.push(Buffer.from(object).toString('hex'))
    if (ArrayBuffer.isView(object)) parts.push(value(object.buffer))
    return parts.join(' | ')
  }

  #number(object: object): string {
    const number = this.#numbers.get(object) ?? this.#numbers.size
    this.#numbers.set(object, number)
    return `#${number}`
  }
}

const BUILT_INS: ReadonlySet<unknown> = new Set(
  Object.values(Object.getOwnPropertyDescriptors(globalThis)).flatMap(({ value }) =>
    typeof value === 'function' ? [value, value.prototype, Object.getPrototypeOf(value)] : [],
  ),
)

/** Where a walk stops: built-ins of this realm. */
export const boundary: readonly object[] = [...BUILT_INS].filter(
  (each): each is object => (typeof each === 'object' && each !== null) || typeof each === 'function',
)

/** The first line that differs, which names the object and what it looks like. */
export function firstDifference(before: string, after: string): unknown {
  if (before === after) return null
  const [a, b] = [before.split('\n'), after.split('\n')]
  const at = a.findIndex((line, index) => line !== b[index])
  return { before: a[at], after: b[at] }
}
