import type { Report, Store } from '../unrestorable.ts'

type Visit = (value: unknown) => void

/** As far as they matter here: the types of Node have none. */
export interface WasmMemory {
  readonly buffer: ArrayBuffer
}
export interface WasmGlobal {
  value: unknown
}
type Class = new (...parameters: never) => object

const { Memory, Global } = (globalThis as unknown as { WebAssembly: { Memory: Class; Global: Class } })
  .WebAssembly
const bufferOf = Object.getOwnPropertyDescriptor(Memory.prototype, 'buffer')?.get

export const isMemory = (object: object): boolean => Object.getPrototypeOf(object) === Memory.prototype
export const isGlobal = (object: object): boolean => Object.getPrototypeOf(object) === Global.prototype

/**
 * Memories and exported globals of WebAssembly. The bytes are recorded as those of any buffer; what is not exported can't be seen
 * from here, so a module that keeps state in globals of its own has to be rolled back by the fork engine.
 */
export class WasmStore implements Store {
  readonly #memories: Array<readonly [memory: WasmMemory, buffer: unknown]> = []
  readonly #globals: Array<readonly [variable: WasmGlobal, value: unknown]> = []

  addMemory(memory: WasmMemory, visit: Visit): void {
    const buffer = bufferOf?.call(memory)
    this.#memories.push([memory, buffer])
    visit(buffer)
  }

  addGlobal(variable: WasmGlobal, visit: Visit): void {
    this.#globals.push([variable, variable.value])
    visit(variable.value)
  }

  restore(report: Report): number {
    let repairs = 0
    for (const [memory, buffer] of this.#memories) {
      if (bufferOf?.call(memory) === buffer) continue
      report(memory, 'it has grown, and WebAssembly has no way to make it smaller')
      repairs++
    }
    for (const [variable, value] of this.#globals) {
      if (Object.is(variable.value, value)) continue
      variable.value = value
      repairs++
    }
    return repairs
  }
}
