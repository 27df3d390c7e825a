import { setFlagsFromString } from 'node:v8'

/**
 * Functions of V8 that JavaScript has no other word for. Wrong types end the process from V8 13 on, so each says what it takes.
 */
export interface Natives {
  /** Two objects, neither a proxy: same hidden class, so the same keys with the same attributes, prototype and private fields. */
  hasSameMap(a: object, b: object): boolean
  /** An object, not a proxy: its hidden class tells its properties. One in dictionary mode may share it with another. */
  hasFastProperties(object: object): boolean
  /** An object, not a proxy: gives it a hidden class of its own, unless it has too many properties. */
  toFastProperties(object: object): unknown
  /** A proxy that is not revoked. */
  proxyTarget(proxy: object): object
  /** A proxy that is not revoked. */
  proxyHandler(proxy: object): object
}

let natives: Natives | null | undefined

/**
 * Null where V8 does not give them: everything works without, only slower. The flag stays set, because V8 may compile a
 * function again after it has dropped its code.
 */
export function loadNatives(): Natives | null {
  natives ??= load()
  return natives
}

function load(): Natives | null {
  if (process.env.FORKPOINT_NATIVES === 'off') return null
  try {
    setFlagsFromString('--allow-natives-syntax')
    const call = (name: string, ...parameters: string[]): never =>
      new Function(...parameters, `return %${name}(${parameters})`) as never
    const found: Natives = {
      hasSameMap: call('HaveSameMap', 'a', 'b'),
      hasFastProperties: call('HasFastProperties', 'o'),
      toFastProperties: call('ToFastProperties', 'o'),
      proxyTarget: call('JSProxyGetTarget', 'p'),
      proxyHandler: call('JSProxyGetHandler', 'p'),
    }
    const probe = new Proxy({}, {})
    const works = found.hasSameMap({ a: 1 }, { a: 2 }) && !found.hasSameMap({ a: 1 }, { b: 1 })
    return works && found.hasFastProperties({}) && found.proxyTarget(probe) !== probe ? found : null
  } catch {
    return null
  }
}

/** Elements are not told by the hidden class, of no object but an array. For one that has no other enumerable property. */
export function hasElement(object: object): boolean {
  for (const _ in object) return true
  return false
}
