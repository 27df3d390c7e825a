import { AsyncLocalStorage } from 'node:async_hooks'
import { types } from 'node:util'
import { listRealms } from '../realms.ts'
import { getPrototypeOf, weakRefDeref } from '../uncurried.ts'
import type { BufferStore } from './buffers.ts'
import type { MapStore, SetStore } from './collections.ts'
import type { DateStore } from './date-store.ts'
import type { PatternStore } from './pattern-store.ts'
import type { PromiseStore } from './promise-store.ts'
import {
  isGlobal,
  isMemory,
  isTable,
  type WasmGlobal,
  type WasmMemory,
  type WasmStore,
  type WasmTable,
} from './wasm-store.ts'
import { isWebObject, type WebObjectStore } from './web-objects.ts'

/** What the kinds of objects are recorded with. */
export interface Parts {
  maps: MapStore
  sets: SetStore
  buffers: BufferStore
  dates: DateStore
  promises: PromiseStore
  wasm: WasmStore
  web: WebObjectStore
  patterns: PatternStore
  visit(value: unknown): void
  /** It leads to objects that no property shows. */
  open(object: object): void
  refuse(object: object, why: string): void
  addWeakMap(map: WeakMap<object, unknown>): void
  addWeakSet(set: WeakSet<object>): void
  /** It can be left as it is if it has ended. */
  addGenerator(generator: object): void
}

export interface Kind<Of extends object = never> {
  is(object: object): boolean
  record(object: Of, parts: Parts): void
  /** Its properties are not its own to keep. */
  hasNoProperties?: true
}

const kind = <Of extends object>(is: (object: object) => boolean, record: Kind<Of>['record']): Kind => ({
  is,
  record,
})

const { getStore } = AsyncLocalStorage.prototype
const isAsyncStorage = (object: object): boolean => getPrototypeOf(object) === AsyncLocalStorage.prototype
const isWeakRef = (object: object): boolean => {
  const prototype = getPrototypeOf(object)
  return listRealms().some(({ weakRefPrototype }) => weakRefPrototype === prototype)
}

/** Of an array, a string, or the matches of a pattern. */
function isIteratorOfList(object: object): boolean {
  const prototype = getPrototypeOf(object)
  return listRealms().some(({ listIterators }) => listIterators.has(prototype))
}

/** Objects that have state beside their properties. */
export const KINDS: readonly Kind[] = [
  kind<Map<unknown, unknown>>(types.isMap, (map, { maps, visit }) => maps.add(map, visit)),
  kind<Set<unknown>>(types.isSet, (set, { sets, visit }) => sets.add(set, visit)),
  // Its variables belong to the module that exports them.
  { is: types.isModuleNamespaceObject, record: () => {}, hasNoProperties: true },
  kind<ArrayBufferView>(ArrayBuffer.isView, (view, { buffers, visit }) => {
    if (!buffers.addPooled(view)) visit(view.buffer)
  }),
  kind<ArrayBuffer>(types.isAnyArrayBuffer, (buffer, { buffers }) => buffers.add(buffer)),
  kind<Date>(types.isDate, (date, { dates }) => dates.add(date)),
  kind<RegExp>(types.isRegExp, (pattern, { patterns }) => patterns.add(pattern)),
  kind<Promise<unknown>>(types.isPromise, (promise, { promises, open }) => {
    if (!promises.add(promise)) open(promise)
  }),
  kind<WeakMap<object, unknown>>(types.isWeakMap, (map, { addWeakMap }) => addWeakMap(map)),
  kind<WeakSet<object>>(types.isWeakSet, (set, { addWeakSet }) => addWeakSet(set)),
  kind<WeakRef<object>>(isWeakRef, (ref, { visit }) => visit(weakRefDeref(ref))),
  // Which store is current belongs to the calls that are under way; what the store holds is state.
  kind<AsyncLocalStorage<unknown>>(isAsyncStorage, (storage, { visit }) => visit(getStore.call(storage))),
  kind<WasmMemory>(isMemory, (memory, { wasm, visit }) => wasm.addMemory(memory, visit)),
  kind<WasmGlobal>(isGlobal, (variable, { wasm, visit }) => wasm.addGlobal(variable, visit)),
  kind<WasmTable>(isTable, (table, { wasm, visit }) => wasm.addTable(table, visit)),
  kind(isWebObject, (object, { web, visit }) => web.add(object, visit)),
  kind(types.isGeneratorObject, (generator, { addGenerator }) => addGenerator(generator)),
  kind(types.isMapIterator, (iterator, { refuse }) =>
    refuse(iterator, 'it is an iterator, whose position can not be put back'),
  ),
  kind(isIteratorOfList, (iterator, { refuse }) =>
    refuse(iterator, 'it is an iterator, whose position can not be put back'),
  ),
  kind(types.isSetIterator, (iterator, { refuse }) =>
    refuse(iterator, 'it is an iterator, whose position can not be put back'),
  ),
]
