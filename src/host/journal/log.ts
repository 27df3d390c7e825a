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

/** A journal as it was found on the disk. */
export interface FoundLog {
  lines: LogLine[]
  /** Lines that can't be read: the machine has crashed, or the disk is at fault. */
  damaged: number
}

/** The log in a folder. A last line that was not written to its end is about something that was not begun. */
export function readLog(folder: string): FoundLog {
  const path = join(folder, LOG_NAME)
  if (!real.existsSync(path)) return { lines: [], damaged: 0 }
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
export function replaceLog(folder: string, lines: readonly LogLine[]): void {
  const fresh = join(folder, `${LOG_NAME}-new`)
  real.writeFileSync(fresh, toText(lines))
  real.renameSync(fresh, join(folder, LOG_NAME))
}

function toText(lines: readonly LogLine[]): string {
  return lines.map(line => `${stringifyJson(line)}\n`).join('')
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
    const fd = this.#fd
    const { size } = real.fstatSync(fd)
    const bytes = Buffer.from(toText(lines))
    try {
      for (let at = 0; at < bytes.length; ) at += real.writeSync(fd, bytes, at)
    } catch (error) {
      // The half of a line would spoil the next one, which may fit.
      if (size < real.fstatSync(fd).size) real.ftruncateSync(fd, size)
      throw error
    }
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
