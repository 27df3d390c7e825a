/**
 * Methods of built-ins as they were before user code ran, to be called with their object first: tests replace them, and
 * subclasses override them.
 */
const { call } = Function.prototype

function uncurry<This, Args extends unknown[], Result>(
  method: (this: This, ...args: Args) => Result,
): (self: This, ...args: Args) => Result {
  return call.bind(method) as (self: This, ...args: Args) => Result
}

function getter<This, Result>(of: object, key: PropertyKey): (self: This) => Result {
  const { get } = Object.getOwnPropertyDescriptor(of, key) ?? {}
  if (get === undefined) throw new TypeError(`no getter: ${String(key)}`)
  return uncurry(get) as (self: This) => Result
}

export const defineProperty: typeof Reflect.defineProperty = Reflect.defineProperty
export const deleteProperty: typeof Reflect.deleteProperty = Reflect.deleteProperty
export const getOwnPropertyDescriptor: typeof Reflect.getOwnPropertyDescriptor =
  Reflect.getOwnPropertyDescriptor
export const getPrototypeOf: typeof Reflect.getPrototypeOf = Reflect.getPrototypeOf
export const isExtensible: typeof Reflect.isExtensible = Reflect.isExtensible
export const ownKeys: typeof Reflect.ownKeys = Reflect.ownKeys
export const setPrototypeOf: typeof Reflect.setPrototypeOf = Reflect.setPrototypeOf

const { Map: M, Set: S, WeakMap: WM, WeakSet: WS, Date: D } = globalThis

export const mapForEach: (map: Map<unknown, unknown>, visit: (value: unknown, key: unknown) => void) => void =
  uncurry(M.prototype.forEach)
export const mapSize: (map: Map<unknown, unknown>) => number = getter(M.prototype, 'size')
export const mapClear: (map: Map<unknown, unknown>) => void = uncurry(M.prototype.clear)
export const mapSet: (map: Map<unknown, unknown>, key: unknown, value: unknown) => unknown = uncurry(
  M.prototype.set,
)
export const setForEach: (set: Set<unknown>, visit: (value: unknown) => void) => void = uncurry(
  S.prototype.forEach,
)
export const setSize: (set: Set<unknown>) => number = getter(S.prototype, 'size')
export const setClear: (set: Set<unknown>) => void = uncurry(S.prototype.clear)
export const setAdd: (set: Set<unknown>, value: unknown) => unknown = uncurry(S.prototype.add)

export const weakMapGet: (map: WeakMap<object, unknown>, key: object) => unknown = uncurry(WM.prototype.get)
export const weakMapHas: (map: WeakMap<object, unknown>, key: object) => boolean = uncurry(WM.prototype.has)
export const weakMapSet: (map: WeakMap<object, unknown>, key: object, value: unknown) => unknown = uncurry(
  WM.prototype.set,
)
export const weakMapDelete: (map: WeakMap<object, unknown>, key: object) => boolean = uncurry(
  WM.prototype.delete,
)
export const weakSetHas: (set: WeakSet<object>, key: object) => boolean = uncurry(WS.prototype.has)
export const weakSetAdd: (set: WeakSet<object>, key: object) => unknown = uncurry(WS.prototype.add)
export const weakSetDelete: (set: WeakSet<object>, key: object) => boolean = uncurry(WS.prototype.delete)

export const weakRefDeref: (ref: WeakRef<object>) => object | undefined = uncurry(WeakRef.prototype.deref)

export const dateGetTime: (date: Date) => number = uncurry(D.prototype.getTime)
export const dateSetTime: (date: Date, time: number) => number = uncurry(D.prototype.setTime)

export const keysOf: (object: object) => string[] = Object.keys
/** Runs getters. */
export const valuesOf: (object: object) => unknown[] = Object.values
export const symbolsOf: (object: object) => symbol[] = Object.getOwnPropertySymbols
export const hasOwn: (object: object, key: PropertyKey) => boolean = Object.hasOwn

export const objectIs: typeof Object.is = Object.is
export const isArray: (value: unknown) => value is unknown[] = Array.isArray
export const isFrozen: (value: object) => boolean = Object.isFrozen
export const createObject: (prototype: object | null) => object = Object.create

export function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function'
}
