import { types } from 'node:util'
import { getPrototypeOf } from '../uncurried.ts'
import type { Report, Store } from '../unrestorable.ts'

/** Bytes that are compared, and copied, at once: a buffer of which little was written costs little to restore. */
const CHUNK = 1 << 16

/** Node 20 has them; the library of types that goes with it has not. */
type Resizable = ArrayBufferLike & { resizable?: boolean; resize(length: number): void }

interface Entry {
  buffer: Resizable
  /** A part of it, which begins there; all of it without. */
  offset: number | null
  length: number
  bytes: Buffer
}

const { compare, copy } = Buffer.prototype
const { from, allocUnsafe, allocUnsafeSlow, prototype } = Buffer
/** Of the memory that small buffers share: from Node 26 on it is not `Buffer.poolSize`. */
export const poolLength: number = allocUnsafe(1).buffer.byteLength
const byteLength = Object.getOwnPropertyDescriptor(ArrayBuffer.prototype, 'byteLength')?.get

/** Bytes of buffers, those of WebAssembly memories and shared ones among them. */
export class BufferStore implements Store {
  readonly #entries: Entry[] = []

  add(given: ArrayBufferLike): void {
    const buffer = given as Resizable
    // Nothing to put back: it stays detached.
    if (isDetached(buffer)) return
    this.#record(buffer, null, buffer.byteLength)
  }

  /**
   * The bytes of a small `Buffer` alone: Node takes its memory from a pool, in which there are others that belong to anybody,
   * what is recorded here among them. False, with nothing recorded, for any other view.
   */
  addPooled(view: ArrayBufferView): boolean {
    if (getPrototypeOf(view) !== prototype || view.buffer.byteLength !== poolLength) return false
    this.#record(view.buffer as Resizable, view.byteOffset, view.byteLength)
    return true
  }

  #record(buffer: Resizable, offset: number | null, length: number): void {
    const bytes = allocUnsafeSlow(length)
    copy.call(from(buffer, offset ?? 0, length), bytes)
    this.#entries.push({ buffer, offset, length, bytes })
  }

  restore(report: Report): number {
    let repairs = 0
    for (const entry of this.#entries) repairs += restoreBuffer(entry, report)
    return repairs
  }
}

function restoreBuffer({ buffer, offset, length, bytes }: Entry, report: Report): number {
  if (isDetached(buffer) && length > 0) {
    report(buffer, 'it was detached: transferred to a thread, or its WebAssembly memory has grown')
    return 1
  }
  let repairs = 0
  if (offset === null && buffer.byteLength !== length) {
    if (!(buffer instanceof ArrayBuffer && buffer.resizable)) {
      report(buffer, 'it has grown, and can not be made smaller')
      return 1
    }
    buffer.resize(length)
    repairs++
  }
  const live = from(buffer, offset ?? 0, length)
  for (let start = 0; start < length; start += CHUNK) {
    const end = Math.min(start + CHUNK, length)
    if (compare.call(live, bytes, start, end, start, end) === 0) continue
    copy.call(bytes, live, start, start, end)
    repairs++
  }
  return repairs
}

function isDetached(buffer: ArrayBufferLike): boolean {
  if (!types.isArrayBuffer(buffer) || byteLength?.call(buffer) !== 0) return false
  try {
    new Uint8Array(buffer)
    return false
  } catch {
    return true
  }
}
