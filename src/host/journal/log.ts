import { join } from 'node:path'
import { parseJson, stringifyJson } from '../../intrinsics.ts'
import { real } from '../memory-disk/real-disk.ts'
import type { Before } from './before.ts'

/** The content that a file had: in base 64, or in a file beside the log. */
export type Image = { text: string } | { name: string }

/** One line of a journal. Each is written before what it is about is done, and is enough to undo that. */
export type LogLine =
  /** The path is touched for the first time. */
  | { path: string; before: Before; image?: Image }
  /** Only its attributes had been touched; from here on its content is. */
  | { path: string; image: Image }
  /** The test has ended, and left this there; `null`: somebody else had a hand in it. */
  | { path: string; after: string | null }

export const LOG_NAME = 'log'

/** The lines of the log in a folder. A last line that was not written to its end is about something that was not begun. */
export function readLog(folder: string): LogLine[] {
  const path = join(folder, LOG_NAME)
  if (!real.existsSync(path)) return []
  const lines = real.readFileSync(path, 'utf8').split('\n')
  lines.pop()
  return lines.map(line => parseJson(line) as LogLine)
}

/** Appends lines with one call of the system: the end of this process can't come between them. */
export class Log {
  readonly #folder: string
  #fd: number | null = null

  constructor(folder: string) {
    this.#folder = folder
  }

  append(lines: readonly LogLine[]): void {
    if (this.#fd === null) {
      real.mkdirSync(this.#folder, { recursive: true })
      this.#fd = real.openSync(join(this.#folder, LOG_NAME), 'a')
    }
    const bytes = Buffer.from(lines.map(line => `${stringifyJson(line)}\n`).join(''))
    for (let at = 0; at < bytes.length; ) at += real.writeSync(this.#fd, bytes, at)
  }

  close(): void {
    if (this.#fd !== null) real.closeSync(this.#fd)
    this.#fd = null
  }
}
