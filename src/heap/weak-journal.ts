import { types } from 'node:util'
import { type Call, Patches } from '../host/patches.ts'
import {
  isObject,
  weakMapDelete,
  weakMapGet,
  weakMapHas,
  weakMapSet,
  weakSetAdd,
  weakSetDelete,
  weakSetHas,
} from './uncurried.ts'

type AnyWeakMap = WeakMap<object, unknown>
type AnyWeakSet = WeakSet<object>

/** What a weak collection held under one key when the journal was begun: `has: false`, nothing. */
interface Before {
  key: object
  has: boolean
  value: unknown
}

/** Changes of the weak collections that one checkpoint knows, since it was taken or restored. */
class WeakChanges {
  /** Others are none of its business: the runner has some too. */
  readonly #known: ReadonlySet<object>
  readonly #entries = new Map<AnyWeakMap | AnyWeakSet, Map<object, Before>>()

  constructor(known: ReadonlySet<object>) {
    this.#known = known
  }

  /** Only the first change of an entry counts. */
  note(collection: AnyWeakMap | AnyWeakSet, before: Before): void {
    if (!this.#known.has(collection)) return
    const entries = this.#entries.get(collection) ?? new Map<object, Before>()
    this.#entries.set(collection, entries)
    if (!entries.has(before.key)) entries.set(before.key, before)
  }

  /** Takes them back, and forgets them; says how many there were. */
  undo(): number {
    let repairs = 0
    for (const [collection, entries] of this.#entries) {
      repairs += entries.size
      for (const { key, has, value } of entries.values()) putBack(collection, key, has, value)
    }
    this.#entries.clear()
    return repairs
  }
}

function putBack(collection: AnyWeakMap | AnyWeakSet, key: object, has: boolean, value: unknown): void {
  if (types.isWeakMap(collection)) {
    if (has) weakMapSet(collection, key, value)
    else weakMapDelete(collection, key)
  } else if (has) weakSetAdd(collection, key)
  else weakSetDelete(collection, key)
}

/**
 * Weak collections can't be listed, but only their own methods change them: those keep a journal, from which a checkpoint takes
 * back what came after it. Values that no one reaches but through them are shown to `visit` too.
 */
class WeakJournal {
  /** One for each checkpoint that is taken, the youngest last. */
  readonly #open: WeakChanges[] = []
  /** Keys that were ever given an object, so far as they live: through these it is reached. */
  readonly #keys = new WeakMap<object, Array<WeakRef<object>>>()

  /** Begins to take note of what changes in these collections. */
  begin(known: ReadonlySet<object>): WeakChanges {
    const changes = new WeakChanges(known)
    this.#open.push(changes)
    return changes
  }

  end(changes: WeakChanges): void {
    const at = this.#open.indexOf(changes)
    if (at !== -1) this.#open.splice(at, 1)
  }

  noteKey(collection: AnyWeakMap, key: object): void {
    const keys = this.#keys.get(collection)
    if (keys === undefined) weakMapSet(this.#keys, collection, [new WeakRef(key)])
    else keys.push(new WeakRef(key))
  }

  note(collection: AnyWeakMap | AnyWeakSet, before: Before): void {
    for (const changes of this.#open) changes.note(collection, before)
  }

  /** Watches the weak collections of another realm too. */
  addRealm(global: typeof globalThis): void {
    watch(global, this)
  }

  get isOpen(): boolean {
    return this.#open.length > 0
  }

  /** Keys and values of the weak map that live, as far as they were set since the journal is kept. */
  visit(map: AnyWeakMap, visit: (value: unknown) => void): void {
    const keys = this.#keys.get(map)
    if (keys === undefined) return
    const live = keys.filter(held => held.deref() !== undefined)
    weakMapSet(this.#keys, map, live)
    for (const held of live) {
      const key = held.deref()
      if (key === undefined) continue
      const value = weakMapGet(map, key)
      if (isObject(value)) visit(value)
    }
  }
}

let journal: WeakJournal | null = null

/**
 * The journal of this process. From the first call on, weak collections are watched: call it before user code runs, so that
 * what it keeps in them is known.
 */
export function weakJournal(): WeakJournal {
  if (journal === null) {
    journal = new WeakJournal()
    watch(globalThis, journal)
  }
  return journal
}

export type { WeakChanges, WeakJournal }

type Method<Of> = (this: Of, key: object, value?: unknown) => unknown

function watch(global: typeof globalThis, kept: WeakJournal): void {
  const patches = new Patches()
  const before = <Of extends AnyWeakMap | AnyWeakSet>(
    prototype: Of,
    name: string,
    note: (collection: Of, key: object, value: unknown) => void,
  ): void => {
    patches.patch(prototype, name, original => {
      const { method } = {
        method(this: Of, ...args: [key: object, value?: unknown]) {
          note(this, args[0], args[1])
          return (original as unknown as Method<Of>).apply(this, args)
        },
      }
      return method as unknown as Call
    })
  }
  patches.batch(() => {
    before<AnyWeakMap>(global.WeakMap.prototype, 'set', (map, key, value) => {
      const before = weakMapGet(map, key)
      if (kept.isOpen) kept.note(map, { key, has: weakMapHas(map, key), value: before })
      if (isObject(value) && isObject(key) && !isObject(before)) kept.noteKey(map, key)
    })
    before<AnyWeakMap>(global.WeakMap.prototype, 'delete', (map, key) => {
      const has = kept.isOpen && weakMapHas(map, key)
      if (has) kept.note(map, { key, has, value: weakMapGet(map, key) })
    })
    before<AnyWeakSet>(global.WeakSet.prototype, 'add', (set, key) => {
      if (kept.isOpen) kept.note(set, { key, has: weakSetHas(set, key), value: undefined })
    })
    before<AnyWeakSet>(global.WeakSet.prototype, 'delete', (set, key) => {
      const has = kept.isOpen && weakSetHas(set, key)
      if (has) kept.note(set, { key, has, value: undefined })
    })
  })
}
