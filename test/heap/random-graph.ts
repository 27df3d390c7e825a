import { types } from 'node:util'

/** A generator of numbers below a limit; the same for the same seed. */
export type Random = (limit: number) => number

export function makeRandom(seed: number): Random {
  let state = seed
  return limit => {
    state = (state * 1103515245 + 12345) & 0x7fffffff
    return Math.floor((state / 0x80000000) * limit)
  }
}

class Point {
  x: number
  next: unknown = null
  constructor(x: number) {
    this.x = x
  }
  get double(): number {
    return this.x * 2
  }
}

class Named extends Point {
  override next: unknown = 'next'
  label = 'a'
}

type Dictionary = Record<PropertyKey, unknown>

const KEYS: readonly PropertyKey[] = ['a', 'next', 'l1', 'l2', Symbol.for('s'), 3]
const VALUES: readonly unknown[] = [
  1,
  2.5,
  'q',
  null,
  undefined,
  Number.NaN,
  -0,
  0,
  10n,
  true,
  Symbol.for('v'),
]

const MAKERS: ReadonlyArray<(i: number, random: Random) => object> = [
  i => ({ a: i, b: `s${i}`, c: null }),
  i => ({ a: i, b: `s${i}`, c: null }),
  i => [i, i + 1.5, 'x'],
  i => [i, i + 1],
  i => [i / 3],
  () => Object.assign(new Array(4), { 1: 1, 3: 2 }),
  i => new Point(i),
  i => new Named(i),
  i =>
    new Map<unknown, unknown>([
      [i, 1],
      ['k', {}],
    ]),
  i => new Set([1, i]),
  i => new Date(i),
  () => /x/g,
  i => new Uint8Array([i, 2, 3]),
  i => new Float64Array([i, Number.NaN]).subarray(1),
  i => Object.assign(() => i, { p: 1 }),
  i => () => i,
  i => () => i,
  () =>
    class {
      static count = 0
      value = 1
    },
  () => ({}),
  (i, random) => ({ [random(5)]: i, z: -0 }),
  () => Object.create(null),
  i => Object.freeze({ a: i, inner: { b: 1 } }),
  i => Object.freeze([i]),
  i => Object.seal({ a: i }),
  i => new Error(`e${i}`),
  () => Object('boxed'),
  i => Object.fromEntries(Array.from({ length: 30 }, (_, k) => [`k${i}${k}`, k])),
  () => new (class Bag extends Map {})(),
]

const isView = (object: object): boolean => ArrayBuffer.isView(object)

/** Objects of all kinds that refer to one another, in an array. */
export function buildGraph(random: Random, size: number): object[] {
  const pool = Array.from({ length: size }, (_, i) =>
    (MAKERS[random(MAKERS.length)] as (typeof MAKERS)[0])(i, random),
  )
  const pick = (): object => pool[random(size)] as object
  for (const object of pool) {
    if (isView(object)) continue
    Reflect.set(object, KEYS[random(KEYS.length)] as PropertyKey, pick())
    if (random(6) === 0) Reflect.defineProperty(object, 'accessor', { get: () => 1, configurable: true })
    if (random(9) === 0)
      Reflect.defineProperty(object, 'fixed', { value: pick(), configurable: random(12) > 0 })
    if (Array.isArray(object) && Object.isExtensible(object)) object.push(pick(), undefined, Number.NaN)
    if (types.isMap(object)) object.set(pick(), pick())
  }
  return pool
}

/** Around one that can't be removed the order of the others can't be put back. */
function hasStuckProperty(object: object): boolean {
  return Reflect.ownKeys(object).some(
    key => key !== 'length' && Reflect.getOwnPropertyDescriptor(object, key)?.configurable === false,
  )
}

/** What a test may do to an object, whatever comes of it: what throws has changed nothing, or a part. */
const MUTATIONS: ReadonlyArray<(object: Dictionary, value: unknown, random: Random) => void> = [
  (object, value) => Reflect.set(object, 'a', value),
  (object, value) => Reflect.set(object, 'x', value),
  (object, value, random) => Reflect.set(object, `new${random(5)}`, value),
  (object, _, random) => {
    if (hasStuckProperty(object) && random(200) > 0) return
    for (const key of Reflect.ownKeys(object)) if (random(2)) Reflect.deleteProperty(object, key)
  },
  object => {
    const isPlain = !isView(object) && typeof object !== 'function'
    if (isPlain) Reflect.setPrototypeOf(object, Point.prototype)
  },
  object => Reflect.setPrototypeOf(object, null),
  (object, value, random) => Reflect.set(object, random(6), value),
  (object, value, random) => {
    if (types.isMap(object)) {
      object.delete([...Map.prototype.keys.call(object)][0])
      if (random(2)) object.set(value, value)
    } else if (types.isSet(object)) {
      if (random(2)) object.clear()
      object.add(value)
    } else if (types.isDate(object)) object.setTime(random(1e6))
    else if (types.isRegExp(object)) object.exec('xx')
  },
  (object, value) => {
    if (types.isMap(object)) for (const key of [...object.keys()]) object.set(key, value)
  },
  (object, value, random) =>
    Reflect.defineProperty(object, `hidden${random(3)}`, { value, configurable: true }),
  (object, value) => {
    if (!Array.isArray(object)) return
    object.splice(1, 1)
    object.reverse()
    object.push(value)
  },
  (object, value) => Reflect.set(object, Symbol.for('s'), value),
  object => {
    const [key] = Object.keys(object)
    if (key === undefined || isView(object)) return
    Reflect.defineProperty(object, key, { get: () => 2, configurable: true, enumerable: true })
  },
  (object, _, random) => {
    if (Array.isArray(object)) object.length = random(8)
  },
  (object, value, random) => {
    if (hasStuckProperty(object) && random(200) > 0) return
    const keys = Object.keys(object)
    for (const key of keys.reverse()) {
      if (Reflect.deleteProperty(object, key)) Reflect.set(object, key, value)
    }
  },
  (object, value) => Reflect.set(object, 'prototype', value),
  (object, value) => Reflect.defineProperty(object, 'name', { value, configurable: true }),
  (object, _, random) => {
    const key = Reflect.ownKeys(object)[random(3)]
    if (key !== undefined) Reflect.defineProperty(object, key, { enumerable: random(2) === 0 })
  },
]

/** Changes many objects of the pool at random, through references too. */
export function mutateGraph(random: Random, pool: object[], count: number): void {
  const size = pool.length
  for (let n = 0; n < count; n++) {
    const object = pool[random(size)] as Dictionary
    const pick = [...VALUES, { n: 1 }, pool[random(size)], [1]]
    const value = pick[random(pick.length)]
    if (isView(object) && !(random(8) === 0)) {
      Reflect.set(object, random(3), random(256))
      continue
    }
    const mutate = MUTATIONS[random(MUTATIONS.length)] as (typeof MUTATIONS)[0]
    try {
      mutate(object, value, random)
    } catch {
      // What can't be changed stays.
    }
  }
}
