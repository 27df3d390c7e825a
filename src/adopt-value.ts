import { isMap, isNativeError, isSet } from 'node:util/types'

/** As they were before user code. */
const tagOf = Object.prototype.toString
const eachInMap = Map.prototype.forEach
const eachInSet = Set.prototype.forEach

/**
 * Gives a value, and all that it leads to, the prototypes of `realm`: what another process has sent is read with the
 * classes of Node's own realm, and code in a context of node:vm has others, so that `instanceof` would not hold.
 *
 * Expects what structured cloning gives: nothing in it has a class of its own. Buffers are Node's in every realm.
 */
export function adoptValue(value: unknown, realm: typeof globalThis): unknown {
  const queue: unknown[] = [value]
  const seen = new Set<object>()
  const push = (each: unknown): void => {
    queue.push(each)
  }
  while (queue.length > 0) {
    const at = queue.pop()
    if (typeof at !== 'object' || at === null || seen.has(at) || Buffer.isBuffer(at)) continue
    seen.add(at)
    const prototype = prototypeFor(at, realm)
    if (prototype !== undefined && Object.getPrototypeOf(at) !== prototype)
      Object.setPrototypeOf(at, prototype)
    if (ArrayBuffer.isView(at)) {
      push(at.buffer)
      continue
    }
    if (isMap(at)) {
      eachInMap.call(at, (each: unknown, key: unknown) => {
        push(key)
        push(each)
      })
    }
    if (isSet(at)) eachInSet.call(at, push)
    for (const { value } of Object.values(Object.getOwnPropertyDescriptors(at))) push(value)
  }
  return value
}

/** Undefined for what has none in the realm. */
function prototypeFor(value: object, realm: typeof globalThis): object | undefined {
  const classes = realm as unknown as Record<string, { prototype?: object } | undefined>
  const tag = isNativeError(value) ? nativeName(value) : tagOf.call(value).slice('[object '.length, -1)
  return classes[tag]?.prototype
}

/** By its class: `name` may be anything. */
function nativeName(error: Error): string {
  const { constructor: native } = error as { constructor?: { name?: string } }
  return native?.name ?? 'Error'
}
