import { readValue } from '../read-value.ts'
import { HEADER, NOTE, RESULT } from './channel.ts'

/** Takes apart what a child writes on its result pipe, as it comes: beats, notes, and the result. */
export class FrameReader {
  /** The child's result, once it has come whole. */
  result: { value: unknown } | null = null
  readonly #parts: Buffer[] = []
  #length = 0
  /** Bytes that make the next step possible. */
  #wanted = 1

  /** The notes that have come whole with these bytes. */
  push(bytes: Buffer): unknown[] {
    this.#parts.push(bytes)
    this.#length += bytes.length
    if (this.#length < this.#wanted) return []
    const notes: unknown[] = []
    let rest = Buffer.concat(this.#parts)
    for (;;) {
      const start = rest.findIndex(byte => byte !== 0)
      rest = rest.subarray(start < 0 ? rest.length : start)
      this.#wanted = rest.length === 0 ? 1 : HEADER
      if (rest.length < HEADER) break
      const end = HEADER + rest.readUInt32LE(4)
      this.#wanted = end
      if (rest.length < end) break
      const value = readValue(rest.subarray(HEADER, end))
      const magic = rest.readUInt32LE(0)
      if (magic === NOTE) notes.push(value)
      if (magic === RESULT) this.result = { value }
      rest = rest.subarray(end)
    }
    this.#parts.splice(0, this.#parts.length, rest)
    this.#length = rest.length
    return notes
  }
}
