import type { Report, Store } from '../unrestorable.ts'

type Visit = (value: unknown) => void

/** As far as they matter here: the types of Node have none. */
export interface WasmMemory {
  readonly buffer: ArrayBuffer
}
export interface WasmGlobal {
  value: unknown
}
export interface WasmTable {
  readonly length: number
  get(index: number): unknown
  set(index: number, value: unknown): void
}
type Class<Of extends object = object> = new (...parameters: never) => Of

const { Memory, Global, Table } = (
  globalThis as unknown as { WebAssembly: { Memory: Class; Global: Class; Table: Class<WasmTable> } }
).WebAssembly
const { get: getEntry, set: setEntry } = Table.prototype
const bufferOf = Object.getOwnPropertyDescriptor(Memory.prototype, 'buffer')?.get

export const isMemory = (object: object): boolean => Object.getPrototypeOf(object) === Memory.prototype
export const isGlobal = (object: object): boolean => Object.getPrototypeOf(object) === Global.prototype
export const isTable = (object: object): boolean => Object.getPrototypeOf(object) === Table.prototype

const GROWN = 'it has grown, and WebAssembly has no way to make it smaller'

/**
 * Memories, exported globals and tables of WebAssembly. The bytes are recorded as those of any buffer; what is not exported can't be seen
 * from here, so a module that keeps state in globals of its own has to be rolled back by the fork engine.
 */
export class WasmStore implements Store {
  readonly #memories: Array<readonly [memory: WasmMemory, buffer: unknown]> = []
  readonly #globals: Array<readonly [variable: WasmGlobal, value: unknown]> = []
  readonly #tables: Array<readonly [table: WasmTable, entries: readonly unknown[]]> = []

  addMemory(memory: WasmMemory, visit: Visit): void {
    const buffer = bufferOf?.call(memory)
    this.#memories.push([memory, buffer])
    visit(buffer)
  }

  addGlobal(variable: WasmGlobal, visit: Visit): void {
    this.#globals.push([variable, variable.value])
    visit(variable.value)
  }

  addTable(table: WasmTable, visit: Visit): void {
    const entries = Array.from({ length: table.length }, (_, i) => getEntry.call(table, i))
    this.#tables.push([table, entries])
    for (const entry of entries) visit(entry)
  }

  restore(report: Report): number {
    let repairs = 0
    for (const [memory, buffer] of this.#memories) {
      if (bufferOf?.call(memory) === buffer) continue
      report(memory, GROWN)
      repairs++
    }
    for (const [variable, value] of this.#globals) {
      if (Object.is(variable.value, value)) continue
      variable.value = value
      repairs++
    }
    for (const [table, entries] of this.#tables) repairs += restoreTable(table, entries, report)
    return repairs
  }
}

function restoreTable(table: WasmTable, entries: readonly unknown[], report: Report): number {
  if (table.length !== entries.length) {
    report(table, GROWN)
    return 1
  }
  let repairs = 0
  for (const [i, entry] of entries.entries()) {
    if (getEntry.call(table, i) === entry) continue
    setEntry.call(table, i, entry)
    repairs++
  }
  return repairs
}
