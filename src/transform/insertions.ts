import type MagicString from 'magic-string'
import type { Inserted } from './shift-mappings.ts'

interface Range {
  readonly start: number
  readonly end: number
}

interface Insertion {
  at: number
  text: string
  around: Range
}

/**
 * Text to be put into a source, in whatever order it is found. Where several pieces go to one place, those that end something
 * come first, inner before outer, and then those that begin something, outer before inner.
 */
export class Insertions {
  readonly #begins: Insertion[] = []
  readonly #ends: Insertion[] = []
  readonly #replaced: Insertion[] = []

  get isEmpty(): boolean {
    return this.#begins.length + this.#ends.length + this.#replaced.length === 0
  }

  /** @param around what the text begins: the longer this is, the earlier it comes */
  begin(around: Range, at: number, text: string): void {
    this.#begins.push({ at, text, around })
  }

  end(around: Range, at: number, text: string): void {
    this.#ends.push({ at, text, around })
  }

  /** As `begin`, but in the source map the text is a part of what it begins, and not of what is before it. */
  beginAs(around: Range, text: string): void {
    this.#replaced.push({ at: around.start, text, around })
  }

  /** Where text is inserted, and how much, in the order of the places. */
  list(): Inserted {
    const all = [...this.#ends, ...this.#begins, ...this.#replaced]
    return all.map(({ at, text }): Inserted[number] => [at, text.length]).sort(([a], [b]) => a - b)
  }

  applyTo(output: MagicString): void {
    const code = output.original
    for (const { at, text } of this.#replaced) output.update(at, at + 1, text + code.charAt(at))
    this.#ends.sort((a, b) => b.around.start - a.around.start)
    this.#begins.sort((a, b) => a.around.start - b.around.start || b.around.end - a.around.end)
    for (const { at, text } of [...this.#ends, ...this.#begins]) output.appendLeft(at, text)
  }
}
