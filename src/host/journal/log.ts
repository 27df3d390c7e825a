import { dirname } from 'node:path'
import { parseJson, stringifyJson } from '../../intrinsics.ts'
import { real } from '../memory-disk/real-disk.ts'
import type { Before } from './before.ts'
import { freshOf } from './journal-files.ts'

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

/** A journal as it was found on the disk. */
export interface FoundLog {
  lines: LogLine[]
  /** Lines that can't be read: the machine has crashed, or the disk is at fault. */
  damaged: number
}

/** The journal at a path. A last line that was not written to its end is about something that was not begun. */
export function readLog(path: string): FoundLog {
  const texts = real.readFileSync(path, 'utf8').split('\n')
  texts.pop()
  const lines = texts.flatMap(text => parseLine(text) ?? [])
  return { lines, damaged: texts.length - lines.length }
}

function parseLine(text: string): LogLine | null {
  try {
    const line = parseJson(text) as Partial<LogLine> | null
    return typeof line?.path === 'string' ? (line as LogLine) : null
  } catch {
    return null
  }
}

/** Puts a log in the place of the one that is there, so that at each moment there is a whole one. */
export function replaceLog(path: string, lines: readonly LogLine[]): void {
  const fresh = freshOf(path)
  real.writeFileSync(fresh, toText(lines))
  real.renameSync(fresh, path)
}

function toText(lines: readonly LogLine[]): string {
  return lines.map(line => `${stringifyJson(line)}\n`).join('')
}

/** Appends lines with one call of the system: the end of this process can't come between them. */
export class Log {
  readonly #path: string
  #fd: number | null = null
  /** Nobody else writes to it. */
  #size = 0

  constructor(path: string) {
    this.#path = path
  }

  append(lines: readonly LogLine[]): void {
    const fd = this.#fd ?? this.#open()
    const bytes = Buffer.from(toText(lines))
    let written = 0
    try {
      while (written < bytes.length) written += real.writeSync(fd, bytes, written)
    } catch (error) {
      // The half of a line would spoil the next one, which may fit.
      if (written > 0) real.ftruncateSync(fd, this.#size)
      throw error
    }
    this.#size += written
  }

  #open(): number {
    const fd = openToAppend(this.#path)
    this.#fd = fd
    this.#size = real.fstatSync(fd).size
    return fd
  }

  /** Somebody has removed what was written. */
  isGone(): boolean {
    return this.#fd !== null && real.fstatSync(this.#fd).nlink === 0
  }

  close(): void {
    if (this.#fd !== null) real.closeSync(this.#fd)
    this.#fd = null
  }
}

function openToAppend(path: string): number {
  try {
    return real.openSync(path, 'a')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    real.mkdirSync(dirname(path), { recursive: true })
    return real.openSync(path, 'a')
  }
}
