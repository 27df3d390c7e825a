import { types } from 'node:util'
import type { AttributesJournal } from './attributes-journal.ts'
import { CellStore, OtherCellStore, PrivateFieldStore } from './cell-store.ts'
import type { Cell, PrivateFields } from './cells.ts'
import { internalsOf, learnInternals } from './internals.ts'
import { ArrayGroup } from './kinds/array-group.ts'
import { BufferStore } from './kinds/buffers.ts'
import { MapStore, SetStore } from './kinds/collections.ts'
import { DateStore } from './kinds/date-store.ts'
import { FunctionStore } from './kinds/function-store.ts'
import { listUnended } from './kinds/generators.ts'
import { KINDS, type Parts } from './kinds/kinds.ts'
import { describeOpaque, isAddedToTimer, isTimer } from './kinds/opaque.ts'
import { OrdinaryStore } from './kinds/ordinary-store.ts'
import { OwnPropertiesStore } from './kinds/own-properties.ts'
import { PatternStore } from './kinds/pattern-store.ts'
import { PromiseStore } from './kinds/promise-store.ts'
import { isRevoked, ProxyStore } from './kinds/proxy-store.ts'
import { Shapes } from './kinds/shapes.ts'
import { UnadornedStore } from './kinds/unadorned-store.ts'
import { WasmStore } from './kinds/wasm-store.ts'
import { WebObjectStore } from './kinds/web-objects.ts'
import type { Natives } from './natives.ts'
import { getPrototypeOf, isArray, isObject } from './uncurried.ts'
import type { Store, Unrestorable } from './unrestorable.ts'
import type { WeakJournal } from './weak-journal.ts'

export interface RecorderOptions {
  natives: Natives | null
  /** Objects that are left as they are, and not looked into. */
  boundary: Iterable<object>
  privates: readonly PrivateFields[]
  weak: WeakJournal
  attributes: AttributesJournal
  /** Whether all that may have given a property attributes since the recording is in that journal. */
  isJournalWhole(): boolean
  /** What else belongs to a function. */
  edgesOf?(object: object): unknown
  /** Why no more may be recorded, or null. Asked now and then. */
  describeFull?(objects: number): string | null
}

/** As many objects are recorded between two looks at how much memory is left; a power of two. */
const LOOK_EVERY = 2 ** 16

/**
 * Walks the graph of objects from its roots and gives each to the store of its kind. Runs no user code. Not recursive: a
 * chain of a million objects needs no stack.
 */
export class Recorder {
  readonly #options: RecorderOptions
  readonly #seen: Set<object>
  readonly #queue: object[] = []
  readonly #visit = (value: unknown): void => {
    if (isObject(value)) this.#queue.push(value)
  }

  readonly #shapes: Shapes
  readonly #others = new OwnPropertiesStore()
  readonly #ordinary: OrdinaryStore
  readonly #unadorned: UnadornedStore
  readonly #arrays: ArrayGroup
  readonly #functions: FunctionStore
  readonly #maps = new MapStore()
  readonly #sets = new SetStore()
  readonly #buffers = new BufferStore()
  readonly #dates = new DateStore()
  readonly #promises = new PromiseStore()
  readonly #patterns = new PatternStore()
  readonly #wasm = new WasmStore()
  readonly #web = new WebObjectStore()
  readonly #proxies = new ProxyStore()
  readonly #cells = [new OtherCellStore(), new CellStore('scope'), new CellStore('two scopes')] as const
  readonly #privates = new PrivateFieldStore()
  readonly #unsupported: Unrestorable[] = []
  /** Lead to objects that no property shows. */
  readonly #closed: object[] = []
  readonly #generators: object[] = []
  readonly #open = (object: object): void => void this.#closed.push(object)
  readonly #boundarySize: number

  constructor(options: RecorderOptions) {
    this.#options = options
    this.#seen = new Set(options.boundary)
    this.#boundarySize = this.#seen.size
    this.#shapes = new Shapes(options.natives)
    this.#ordinary = new OrdinaryStore(options.natives, options.attributes, () => options.isJournalWhole())
    this.#unadorned = new UnadornedStore(options.natives, this.#others)
    this.#arrays = new ArrayGroup(options.natives, this.#others)
    this.#functions = new FunctionStore(options.natives, this.#others, {
      open: this.#open,
      ...(options.edgesOf && { edgesOf: options.edgesOf }),
    })
  }

  addCell(cell: Cell): void {
    this.#cells[cell.scopes].add(cell, this.#visit)
  }

  /** Records an object and all that it leads to. */
  addRoot(root: unknown): void {
    this.#visit(root)
    this.#drain()
  }

  /** What is there and can't be put back once it moves. */
  get unsupported(): readonly Unrestorable[] {
    return this.#unsupported
  }

  /** Why not all is recorded, if so: there is no room. */
  full: string | null = null

  /** Those whose changes have to be taken note of from now on. */
  readonly weakCollections: Set<object> = new Set()

  get size(): number {
    return this.#seen.size - this.#boundarySize
  }

  /** All that was recorded, to be restored in this order. */
  finish(): Store[] {
    this.#drain()
    while (this.#closed.length > 0) this.#lookInside()
    for (const generator of listUnended(this.#generators)) {
      this.#parts.refuse(generator, 'it is a generator, whose position can not be put back')
    }
    return [
      this.#patterns,
      ...this.#shapes.groups,
      this.#arrays,
      this.#functions,
      this.#unadorned,
      this.#ordinary,
      this.#others,
      this.#privates,
      ...this.#cells,
      this.#maps,
      this.#sets,
      this.#dates,
      this.#wasm,
      this.#web,
      this.#buffers,
      this.#promises,
      this.#proxies,
    ]
  }

  /** All at once: it takes some time to ask for the first. */
  #lookInside(): void {
    const objects = this.#closed.splice(0)
    learnInternals(objects)
    for (const object of objects) for (const [, value] of internalsOf(object)) this.#visit(value)
    this.#drain()
  }

  #drain(): void {
    const queue = this.#queue
    const seen = this.#seen
    for (let object = queue.pop(); object !== undefined; object = queue.pop()) {
      // One look at the table instead of two.
      const { size } = seen
      if (seen.add(object).size === size) continue
      this.#record(object)
      if (size % LOOK_EVERY === 0) this.#stopIfFull()
    }
  }

  #stopIfFull(): void {
    this.full ??= this.#options.describeFull?.(this.#seen.size) ?? null
    if (this.full !== null) this.#queue.length = this.#closed.length = 0
  }

  #record(object: object): void {
    if (types.isProxy(object)) {
      this.#recordProxy(object)
      return
    }
    if (this.#options.privates.length > 0) this.#recordPrivates(object)
    if (isArray(object)) this.#arrays.add(object, this.#visit)
    else if (typeof object === 'function') this.#functions.add(object, this.#visit)
    else if (!this.#shapes.addToRecent(object, this.#visit)) this.#recordOther(object)
  }

  #recordOther(object: object): void {
    const kind = KINDS.find(({ is }) => is(object))
    if (isTimer(object)) {
      const prototype = getPrototypeOf(object)
      this.#others.add(object, value => value !== prototype && this.#visit(value), isAddedToTimer)
      return
    }
    const opaque = kind === undefined ? describeOpaque(object) : null
    if (opaque !== null) {
      this.#unsupported.push({
        object,
        why: `it is ${opaque}, which stands for something outside JavaScript`,
      })
    } else if (kind === undefined) {
      if (!this.#shapes.add(object, this.#visit)) this.#recordByItself(object)
    } else {
      kind.record(object as never, this.#parts)
      if (!kind.hasNoProperties) this.#unadorned.add(object, this.#visit)
    }
  }

  #recordProxy(proxy: object): void {
    if (isRevoked(proxy)) return
    this.#proxies.add(proxy)
    const { natives } = this.#options
    if (natives === null) {
      this.#unsupported.push({
        object: proxy,
        why: 'it is a proxy, which V8 does not let be looked into here',
      })
      return
    }
    this.#visit(natives.proxyTarget(proxy))
    this.#visit(natives.proxyHandler(proxy))
  }

  #recordPrivates(object: object): void {
    for (const fields of this.#options.privates) {
      if (fields.isOf(object)) this.#privates.add(fields, object, this.#visit)
    }
  }

  #recordByItself(object: object): void {
    if (!this.#ordinary.add(object, this.#visit)) this.#others.add(object, this.#visit)
  }

  readonly #parts: Parts = {
    maps: this.#maps,
    sets: this.#sets,
    buffers: this.#buffers,
    dates: this.#dates,
    promises: this.#promises,
    wasm: this.#wasm,
    web: this.#web,
    patterns: this.#patterns,
    visit: this.#visit,
    open: this.#open,
    refuse: (object, why) => void this.#unsupported.push({ object, why }),
    addWeakMap: map => {
      this.weakCollections.add(map)
      this.#options.weak.visit(map, this.#visit)
    },
    addGenerator: generator => void this.#generators.push(generator),
    addWeakSet: set => void this.weakCollections.add(set),
  }
}
