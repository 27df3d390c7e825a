import { createRequire, syncBuiltinESMExports } from 'node:module'
import { types } from 'node:util'
import { FunctionStore } from '../kinds/function-store.ts'
import { OwnProperties, OwnPropertiesStore } from '../kinds/own-properties.ts'
import { EntryStore } from '../log/entry-store.ts'
import type { Natives } from '../natives.ts'
import { ownRealm, type Realm } from '../realms.ts'
import type { RootStore } from '../recording.ts'
import { isObject } from '../uncurried.ts'
import type { Report, Store } from '../unrestorable.ts'

/** Modules of Node whose exports a test is likely to replace; the others cost as much to look at. */
const MODULES = [
  'fs',
  'fs/promises',
  'path',
  'os',
  'crypto',
  'child_process',
  'http',
  'https',
  'net',
  'timers',
  'events',
  'stream',
  'util',
  'url',
  'dns',
]

const require = createRequire(import.meta.url)

/** Built-ins whose properties tests replace: constructors, prototypes and namespaces of their realm, exports of Node's modules. */
function listBuiltIns(realm: Realm): object[] {
  const all = new Set<object>()
  const loaded = new Set((process as unknown as { moduleLoadList: string[] }).moduleLoadList)
  for (const name of [...realm.classNames, 'console']) {
    const { value } = Object.getOwnPropertyDescriptor(realm.global, name) ?? {}
    if (!isObject(value)) continue
    all.add(value)
    const { prototype } = value as { prototype?: unknown }
    if (isObject(prototype)) all.add(prototype)
  }
  for (const sample of realm.samples()) {
    for (let at = Object.getPrototypeOf(sample); at !== null; at = Object.getPrototypeOf(at)) all.add(at)
  }
  for (const name of MODULES) {
    if (!loaded.has(`NativeModule ${name}`)) continue
    const exported: object = require(`node:${name}`)
    all.add(exported)
    addPrototype(exported, all)
    for (const { value } of Object.values(Object.getOwnPropertyDescriptors(exported)))
      addPrototype(value, all)
  }
  return [...all]
}

/** Of a class: where its methods are. An ordinary function has one that is empty. */
function addPrototype(value: unknown, to: Set<object>): void {
  const { prototype } = isObject(value) ? (value as { prototype?: unknown }) : {}
  if (isObject(prototype) && Reflect.ownKeys(prototype).length > 1) to.add(prototype)
}

/** Own properties of built-ins, and of the functions among those. The walk ends at built-ins, so they are recorded by themselves. */
export class BuiltInsStore extends EntryStore implements RootStore {
  readonly objects: readonly object[]
  readonly parts: readonly Store[]
  readonly #entries: readonly OwnProperties[]

  constructor(natives: Natives | null, realm: Realm = ownRealm) {
    super()
    this.objects = listBuiltIns(realm)
    this.#entries = this.objects.map(object => new OwnProperties(object))
    const others = new OwnPropertiesStore()
    const functions = new FunctionStore(natives, others)
    this.parts = [functions, others]
    const known = new Set(this.objects)
    const addFunction = (value: unknown): void => {
      if (typeof value !== 'function' || types.isProxy(value) || known.has(value)) return
      known.add(value)
      functions.add(value, () => {})
    }
    this.visit(addFunction)
  }

  visit(visit: (value: unknown) => void): void {
    // What stands there is built in, or was put there by a setup: then it is state.
    for (const entry of this.#entries) entry.visit(visit)
  }

  restoreAt(place: number, report: Report): number {
    return this.#entries[place]?.restore(report) ?? 0
  }

  override restore(report: Report): number {
    return followed(super.restore(report))
  }

  override restoreSome(places: Uint32Array, report: Report): number {
    return followed(super.restoreSome(places, report))
  }
}

/** Named imports of Node's modules follow only when told. */
function followed(repairs: number): number {
  if (repairs > 0) syncBuiltinESMExports()
  return repairs
}
