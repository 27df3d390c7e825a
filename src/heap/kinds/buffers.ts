import { types } from 'node:util'
import type { LoggedStore } from '../log/entry-store.ts'
import { getPrototypeOf } from '../uncurried.ts'
import type { Report } from '../unrestorable.ts'

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

/** So much of an entry, from there on. */
type Part = readonly [entry: Entry, start: number]

const { compare, copy } = Buffer.prototype
const { from, allocUnsafe, allocUnsafeSlow, prototype } = Buffer
/** Of the memory that small buffers share: from Node 26 on it is not `Buffer.poolSize`. */
export const poolLength: number = allocUnsafe(1).buffer.byteLength
const byteLength = Object.getOwnPropertyDescriptor(ArrayBuffer.prototype, 'byteLength')?.get

const NOTHING = new Uint8Array(0)

/** Bytes of buffers, those of WebAssembly memories and shared ones among them. */
export class BufferStore implements LoggedStore {
  readonly memory = 'bytes'
  readonly #entries: Entry[] = []
  readonly #parts: Part[] = []

  /** Views of the parts; empty ones of those that are gone. */
  get objects(): Uint8Array[] {
    return this.#parts.map(([{ buffer, offset, length }, start]) => {
      const first = (offset ?? 0) + start
      const size = Math.min(CHUNK, length - start)
      return isDetached(buffer) || buffer.byteLength < first + size ? NOTHING : from(buffer, first, size)
    })
  }

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
    const entry = { buffer, offset, length, bytes }
    this.#entries.push(entry)
    for (let start = 0; start < length; start += CHUNK) this.#parts.push([entry, start])
  }

  restore(report: Report): number {
    const lost = new Set<Entry>()
    let repairs = this.#restoreLengths(lost, report)
    for (const [entry, start] of this.#parts) if (!lost.has(entry)) repairs += restorePart(entry, start)
    return repairs
  }

  restoreSome(places: Uint32Array, report: Report): number {
    const lost = new Set<Entry>()
    let repairs = this.#restoreLengths(lost, report)
    for (const [entry, start] of this.#parts) {
      if (canBeEmptied(entry) && !lost.has(entry)) repairs += restorePart(entry, start)
    }
    for (const place of places) {
      const [entry, start] = this.#parts[place] as Part
      if (!lost.has(entry)) repairs += restorePart(entry, start)
    }
    return repairs
  }

  #restoreLengths(lost: Set<Entry>, report: Report): number {
    let repairs = 0
    for (const entry of this.#entries) {
      const result = restoreLength(entry, report)
      if (result === 'lost') lost.add(entry)
      if (result !== 'same') repairs++
    }
    return repairs
  }
}

function restoreLength({ buffer, offset, length }: Entry, report: Report): 'same' | 'resized' | 'lost' {
  if (isDetached(buffer) && length > 0) {
    report(buffer, 'it was detached: transferred to a thread, or its WebAssembly memory has grown')
    return 'lost'
  }
  if (offset !== null || buffer.byteLength === length) return 'same'
  if (!(types.isArrayBuffer(buffer) && buffer.resizable)) {
    report(buffer, 'it has grown, and can not be made smaller')
    return 'lost'
  }
  buffer.resize(length)
  return 'resized'
}

function restorePart({ buffer, offset, length, bytes }: Entry, start: number): number {
  const size = Math.min(CHUNK, length - start)
  const live = from(buffer, (offset ?? 0) + start, size)
  if (compare.call(live, bytes, start, start + size) === 0) return 0
  copy.call(bytes, live, 0, start, start + size)
  return 1
}

/** What is cut off of one that can be resized comes back as zeros, which nobody has written. */
function canBeEmptied({ buffer }: Entry): boolean {
  return types.isArrayBuffer(buffer) && buffer.resizable === true
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
