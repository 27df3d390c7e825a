import type { Inspector, RemoteProperty, RemoteValue } from '../../with-inspector.ts'
import { isNamespace } from '../excluded-modules.ts'
import { getOwnPropertyDescriptor, getPrototypeOf, isObject } from '../uncurried.ts'
import { type Edge, Entries } from './edge.ts'
import type { Scripts } from './scripts.ts'

/** Of what V8 says of an object: that which is its state, and no copy. */
const STATE: ReadonlySet<string> = new Set([
  '[[PromiseState]]',
  '[[PromiseResult]]',
  '[[TargetFunction]]',
  '[[BoundThis]]',
  '[[WeakRefTarget]]',
  '[[Handler]]',
  '[[Target]]',
  '[[IsRevoked]]',
  '[[GeneratorState]]',
  '[[GeneratorReceiver]]',
  '[[IteratorIndex]]',
  '[[IteratorHasMore]]',
  '[[PrimitiveValue]]',
])

/** Variables of the transform's, and one that is made when it is looked at. */
const OWN_NAMES = /^(?:\$fp|arguments$)/

const ENTRIES = ' (entries)'
const KEY = ' (key)'
const VALUE = ' (value)'
/** Before the name of a variable that a function closes over. */
export const SCOPE = ' › '

/** Objects that the inspector is asked for in one call. */
const AT_ONCE = 1000

export interface InsideOptions {
  scripts: Scripts
  /** Variables that other tools have put into the code. */
  foreign: RegExp | null
}

/** An edge whose value the inspector has not given yet. */
interface Pending {
  edges: Edge[]
  at: number
  objectId: string
}

/**
 * What only the inspector shows of some objects: variables that functions close over, private fields, what promises, proxies, bound
 * functions and weak collections hold.
 */
export class InsideReader {
  readonly #inspector: Inspector
  readonly #options: InsideOptions
  readonly #pending: Pending[] = []

  constructor(inspector: Inspector, options: InsideOptions) {
    this.#inspector = inspector
    this.#options = options
  }

  read(objects: readonly object[]): Edge[][] {
    const ids = this.#refer(objects)
    const all = ids.map((id, i) => this.#readOne(objects[i] as object, id))
    this.#resolvePending()
    return all.map(gatherEntries)
  }

  #refer(objects: readonly object[]): string[] {
    const { refer, propertiesOf } = this.#inspector
    const elements = propertiesOf(refer(objects)).result.filter(({ name }) => /^\d+$/.test(name))
    return elements.map(({ value }) => value?.objectId ?? '')
  }

  #readOne(object: object, id: string): Edge[] {
    const { propertiesOf } = this.#inspector
    const { internalProperties = [], privateProperties = [] } = propertiesOf(id)
    const edges: Edge[] = []
    for (const { name, value } of internalProperties) {
      if (value === undefined) continue
      if (STATE.has(name)) this.#add(edges, ` ${name}`, value)
      else if (name === '[[BoundArgs]]') this.#addElements(edges, ' [[BoundArgs]]', value)
      else if (name === '[[Entries]]') this.#addEntries(edges, value)
    }
    if (typeof object === 'function') this.#addScopes(edges, internalProperties)
    const fields = privateProperties.filter(({ value }) => value !== undefined)
    if (fields.length > 0 && this.#isOfUser(object)) {
      for (const { name, value } of fields) this.#add(edges, `.${name}`, value as RemoteValue)
    }
    return edges
  }

  #addScopes(edges: Edge[], internal: readonly RemoteProperty[]): void {
    const { propertiesOf } = this.#inspector
    const scopes = internal.find(({ name }) => name === '[[Scopes]]')?.value?.objectId
    if (scopes === undefined || this.#isForeign(internal)) return
    for (const scope of propertiesOf(scopes).result) {
      const id = scope.value?.objectId
      // The last one is that of all global variables, which has thousands.
      if (id === undefined || scope.value?.description === 'Global') continue
      for (const { name, value } of propertiesOf(id).result) {
        if (value === undefined || OWN_NAMES.test(name) || this.#options.foreign?.test(name)) continue
        this.#add(edges, SCOPE + name, value)
      }
    }
  }

  #isForeign(internal: readonly RemoteProperty[]): boolean {
    const location = internal.find(({ name }) => name === '[[FunctionLocation]]')?.value?.value
    if (!isObject(location)) return true
    return this.#options.scripts.isForeign(
      String((location as { scriptId?: unknown }).scriptId),
      this.#inspector,
    )
  }

  /** Its class is code of the user's: private fields of others' are theirs to keep. */
  #isOfUser(object: object): boolean {
    const prototype = getPrototypeOf(object)
    const Class: unknown =
      typeof object === 'function'
        ? object
        : prototype && getOwnPropertyDescriptor(prototype, 'constructor')?.value
    if (typeof Class !== 'function') return true
    const { refer, propertiesOf } = this.#inspector
    return !this.#isForeign(propertiesOf(refer(Class)).internalProperties ?? [])
  }

  #addElements(edges: Edge[], step: string, { objectId }: RemoteValue): void {
    if (objectId === undefined) return
    for (const { name, value } of this.#inspector.propertiesOf(objectId).result) {
      if (value !== undefined && /^\d+$/.test(name)) this.#add(edges, `${step}[${name}]`, value)
    }
  }

  #addEntries(edges: Edge[], { objectId }: RemoteValue): void {
    if (objectId === undefined) return
    edges.push([ENTRIES, null])
    const { propertiesOf } = this.#inspector
    for (const { name, value } of propertiesOf(objectId).result) {
      if (value?.objectId === undefined || !/^\d+$/.test(name)) continue
      const entry = propertiesOf(value.objectId).result
      const get = (part: string): RemoteValue => entry.find(each => each.name === part)?.value ?? {}
      // Of a set, the value is all there is.
      const key = get('key').objectId === undefined ? get('value') : get('key')
      this.#add(edges, KEY, key)
      this.#add(edges, VALUE, get('value'))
    }
  }

  #add(edges: Edge[], step: string, value: RemoteValue): void {
    if (value.objectId === undefined) {
      edges.push([step, primitiveOf(value)])
      return
    }
    this.#pending.push({ edges, at: edges.length, objectId: value.objectId })
    edges.push([step, undefined])
  }

  #resolvePending(): void {
    while (this.#pending.length > 0) {
      const some = this.#pending.splice(0, AT_ONCE)
      const values = this.#inspector.resolve(some.map(({ objectId }) => objectId))
      for (const [i, { edges, at }] of some.entries()) {
        const step = edges[at]?.[0]
        if (step !== undefined) edges[at] = [step, values[i]]
      }
    }
  }
}

function gatherEntries(edges: readonly Edge[]): Edge[] {
  const found = new Map<unknown, unknown>()
  const others: Edge[] = []
  edges.forEach(([step, value], i) => {
    if (step === KEY) found.set(value, edges[i + 1]?.[1])
    else if (step !== VALUE && !isImport(step, value)) others.push([step, value])
  })
  return others.map(edge => (edge[0] === ENTRIES ? [ENTRIES, new Entries(found)] : edge))
}

/** Its variables belong to the module that exports them. */
function isImport(step: string, value: unknown): boolean {
  return step.startsWith(SCOPE) && isObject(value) && isNamespace(value)
}

function primitiveOf({ type, value, unserializableValue = '' }: RemoteValue): unknown {
  if (type === 'undefined' || unserializableValue === '') return value
  return type === 'bigint' ? BigInt(unserializableValue.slice(0, -1)) : Number(unserializableValue)
}
