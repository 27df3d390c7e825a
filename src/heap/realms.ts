type Global = typeof globalThis

/** One array for each way in which V8 keeps elements. */
function makeArrays(): unknown[][] {
  const holey = new Array(4)
  const holeyObjects = new Array(4)
  holeyObjects[0] = {}
  const holeyDoubles = new Array(4)
  holeyDoubles[0] = 1.5
  return [[1, 2], [{}, 1], [1.5, 2.5], holey, holeyObjects, holeyDoubles, []]
}

/** One function of each kind that has nothing but the properties it is born with. */
const FUNCTIONS = `"use strict"; return [
  () => {}, async () => {}, { async m() {} }.m, { ["m"]() {} }.m, function () {}, new Function(), function* () {}, async function* () {}
]`

/** Objects of built-in classes with no property. */
function makeUnadorned(): object[] {
  const views = [
    Int8Array,
    Uint8Array,
    Uint8ClampedArray,
    Int16Array,
    Uint16Array,
    Int32Array,
    Uint32Array,
    Float32Array,
    Float64Array,
    BigInt64Array,
    BigUint64Array,
  ]
  return [
    new Map(),
    new Set(),
    new Date(0),
    Promise.resolve(),
    new WeakMap(),
    new WeakSet(),
    ...views.map(View => new View(1)),
    new DataView(new ArrayBuffer(1)),
    new Int8Array(1).buffer,
    new ArrayBuffer(1),
    new SharedArrayBuffer(1),
  ]
}

/** Objects of which some prototypes have no name in any global variable. */
function makeSamples(): object[] {
  return [
    [][Symbol.iterator](),
    ''[Symbol.iterator](),
    new Map()[Symbol.iterator](),
    new Set()[Symbol.iterator](),
    'a'.matchAll(/a/g),
    function* () {},
    (function* () {})(),
    async () => {},
    async function* () {},
    (async function* () {})(),
    new Int8Array(),
  ]
}

const lists = (): object[] => [[].values(), ''[Symbol.iterator](), ''.matchAll(/a/g)]

const getPrototypesOf = (objects: readonly object[]): ReadonlySet<object | null> =>
  new Set(objects.map(each => Object.getPrototypeOf(each) as object | null))

/**
 * The built-ins that belong to one global object, as they were before user code: those of a context of node:vm are others than
 * Node's own. What it makes is nobody else's, so it stays as it was born.
 */
export class Realm {
  readonly global: Global
  readonly arrayPrototype: object
  readonly weakRefPrototype: object
  /** Of iterators of an array, a string, or the matches of a pattern. */
  readonly listIterators: ReadonlySet<object | null>
  readonly unadorned: readonly object[]
  /** Global variables that hold a class of the language, or of the web as far as it is there. */
  readonly classNames: readonly string[]
  /** Constructors of the language, and the hidden ones of iterators, generators, typed arrays and sources of modules. */
  readonly constructors: ReadonlySet<unknown>

  constructor(global: Global) {
    this.global = global
    this.arrayPrototype = global.Array.prototype
    this.weakRefPrototype = global.WeakRef.prototype
    this.listIterators = getPrototypesOf(this.#make(lists))
    this.unadorned = this.#make(makeUnadorned)
    this.classNames = Object.getOwnPropertyNames(global).filter(name => /^[A-Z]/.test(name))
    const { WebAssembly } = global as Global & { WebAssembly: { Module: object } }
    this.constructors = new Set([
      ...[global, global.Intl, WebAssembly].flatMap(namespace =>
        Object.getOwnPropertyNames(namespace).map(
          name => Object.getOwnPropertyDescriptor(namespace, name)?.value as unknown,
        ),
      ),
      ...this.samples().flatMap(each => [each.constructor, Object.getPrototypeOf(each.constructor)]),
      // From Node 24 on it has a class above it.
      Object.getPrototypeOf(WebAssembly.Module),
    ])
  }

  makeArrays(): unknown[][] {
    return this.#make(makeArrays)
  }

  makeFunctions(): object[] {
    return new this.global.Function(FUNCTIONS)() as object[]
  }

  samples(): object[] {
    return this.#make(makeSamples)
  }

  /** Runs a function that refers to nothing around it but built-ins: to those of the realm. */
  #make<Made>(from: () => Made): Made {
    if (this.global === globalThis) return from()
    return new this.global.Function(`return (${from.toString()})()`)() as Made
  }
}

/** That of forkpoint itself, and of Node's modules. */
export const ownRealm: Realm = new Realm(globalThis)

let all: readonly Realm[] = [ownRealm]

/** Those whose objects are recorded. */
export const listRealms = (): readonly Realm[] => all

/** Has code in a context of node:vm be rolled back, from before it runs; null: no more. One at a time. */
export function setTestRealm(realm: Realm | null): void {
  all = realm === null ? [ownRealm] : [ownRealm, realm]
}
