import type { Memory } from './entry-store.ts'

type Loose = Record<PropertyKey, unknown>

/** A kind of change. Each step of `grow` is run when all objects are as far: what it makes stands elsewhere than they do. */
export interface Change {
  /** What of the object is changed. */
  readonly memory: Exclude<Memory, 'bytes'>
  make(): object
  grow: ReadonlyArray<(object: never, index: number) => void>
  change(object: never): void
}

type Act<Of> = (object: Of, index: number) => unknown

function row<Of extends object>(make: () => Of, change: Act<Of>, ...grow: Array<Act<Of>>): Change {
  return {
    memory: 'object',
    make,
    grow: grow.map(step => (object, index) => void step(object, index)),
    change: object => void change(object, 0),
  }
}

const set =
  (key: PropertyKey, value: unknown): Act<Loose> =>
  object =>
    Reflect.set(object, key, value)

const repeat =
  <Of>(count: number, act: Act<Of>): Act<Of> =>
  object => {
    for (let i = 0; i < count; i++) act(object, i)
  }

/** It has a box of its own, which is written in its place: from the second one on. */
const setFraction =
  (key: PropertyKey): Act<Loose> =>
  (object, index) => [Reflect.set(object, key, index + 0.5), Reflect.set(object, key, index + 0.25)]

/** More than stand in an object itself, and few enough not to make it a dictionary. */
const addMany = repeat<Loose>(12, (object, i) => Reflect.set(object, `added ${i}`, i))

/** One that was removed makes it a dictionary. */
const toDictionary: Act<Loose> = object => {
  addMany(object, 0)
  delete object['added 0']
}

const fillMap = repeat<Map<unknown, unknown>>(40, (map, i) => map.set(i, i))
const fillSet = repeat<Set<unknown>>(40, (values, i) => values.add(i))
const fillArray = repeat<unknown[]>(30, (array, i) => array.push({ i }))
const fillFractions = repeat<number[]>(30, (array, i) => array.push(i + 0.5))

const empty = (): Loose => ({})
const one = (): Loose => ({ a: 1 })
const three = (): number[] => [3, 1, 2]
const map = (): Map<unknown, unknown> => new Map()
const values = (): Set<unknown> => new Set()

class Private {
  #value: unknown = 0
  set(value: unknown): unknown {
    this.#value = value
    return this.#value
  }
}

class PrivateFraction {
  #value = 0
  set(value: number): number {
    this.#value = value
    return this.#value
  }
}

/** A class whose objects V8 has seen: the prototype is kept with their hidden class. */
function makeUsed(): Loose {
  const made = new Function('return function () {}')() as new () => object
  new made()
  return made as unknown as Loose
}

/** A function that sees the variable `seen`, with a method that assigns to it. */
interface Variable {
  (): unknown
  assign(value: unknown): void
}

/** @param source declares `seen` around `SEES` */
function variable(memory: Change['memory'], source: string): Change[] {
  let made: (() => Variable) | null = null
  // Where code may not be made from strings there is no log, but the module is loaded.
  const make = (): Variable => {
    made ??= new Function(source.replace('SEES', SEES)) as () => Variable
    return made()
  }
  const assign =
    (value: unknown): Act<Variable> =>
    object =>
      object.assign(value)
  const assignFraction: Act<Variable> = (object, index) => object.assign(index + 0.25)
  return [row(make, assign('other')), row(make, assign(2.5), assignFraction)].map(change => ({
    ...change,
    memory,
  }))
}

const SEES =
  'const own = {}; const read = () => (own, seen); read.assign = value => { seen = value }; return read'

/** Variables, of each kind of scope. */
const VARIABLES: readonly Change[] = [
  ...variable('scope', 'let seen = 0; SEES'),
  ...variable('scope', '{ let seen = 0; SEES }'),
  ...variable('scope', 'return (function (seen) { SEES })(0)'),
  ...variable('scope', 'switch (0) { default: let seen = 0; SEES }'),
  ...variable('scope', 'return (function* () { let seen = 0; SEES })().next().value'),
  ...variable('two scopes', 'return (function (seen = 0) { SEES })()'),
  ...variable('two scopes', 'return (({ seen }) => { SEES })({ seen: 0 })'),
  ...variable('two scopes', 'for (let seen = 0; ; ) { SEES }'),
  ...variable('two scopes', 'for (let seen of [0]) { SEES }'),
  ...variable('two scopes', 'try { throw 0 } catch (seen) { SEES }'),
]

/** Whatever a test can do to an object that V8 keeps in a way of its own. */
export const CHANGES: readonly Change[] = [
  row(one, set('a', 2)),
  row(one, set('a', {})),
  row(() => ({ fraction: 0 }), set('fraction', 2.5), setFraction('fraction')),
  row(empty, set('added 11', 'other'), addMany),
  row(empty, set('added 10', 2.5), addMany, setFraction('added 10')),
  row(empty, set('added 3', 'other'), toDictionary),
  row(empty, object => Object.defineProperty(object, 'added 3', { enumerable: false }), toDictionary),
  row(one, set('b', 1)),
  row(one, set(Symbol.iterator, 1)),
  row(one, object => delete object.a),
  row(one, object => Object.defineProperty(object, 'a', { get: () => 1 })),
  row(one, object => Object.freeze(object)),
  row(one, object => Object.preventExtensions(object)),
  row(one, object => Object.setPrototypeOf(object, null)),
  row(
    empty,
    set(20, 'other'),
    repeat(30, (object, i) => Reflect.set(object, i, i)),
  ),
  row(
    empty,
    set(700_000, 'other'),
    repeat(30, (object, i) => Reflect.set(object, i * 100_000, i)),
  ),
  row(
    () => [] as unknown[],
    array => Reflect.set(array, 20, 'other'),
    fillArray,
  ),
  row(
    () => [] as number[],
    array => Reflect.set(array, 20, 2.5),
    fillFractions,
  ),
  row(three, array => Reflect.set(array, 1, 7)),
  row(three, array => array.pop()),
  row(three, array => array.shift()),
  row(three, array => array.push(1)),
  row(three, array => array.sort()),
  row(three, array => Reflect.set(array, 'length', 0)),
  row(map, object => object.set(20, 'other'), fillMap),
  row(map, object => object.set('new', 1), fillMap),
  row(map, object => object.delete(20), fillMap),
  row(map, object => object.clear(), fillMap),
  row(values, object => object.add('new'), fillSet),
  row(values, object => object.delete(20), fillSet),
  row(
    () => new Date(0),
    date => date.setTime(1),
  ),
  row(
    () => /a/g,
    pattern => Reflect.set(pattern, 'lastIndex', 3),
  ),
  row(
    () => new Error('a'),
    error => Reflect.set(error, 'message', 'b'),
  ),
  row(
    () => new Private(),
    object => object.set('other'),
  ),
  row(
    () => new PrivateFraction(),
    object => object.set(2.5),
    (object, index) => [object.set(index + 0.5), object.set(index + 0.25)],
  ),
  row(
    () => () => {},
    method => Reflect.set(method, 'own', 2),
  ),
  row(
    () => Object.assign(() => {}, { own: 1 }),
    method => Reflect.set(method, 'own', 2),
  ),
  row(() => new Function() as unknown as Loose, set('prototype', {})),
  row(makeUsed, set('prototype', {})),
  ...VARIABLES,
]
