import type { Before } from './before.ts'
import { type Image, type LogLine, readLog } from './log.ts'

/** What a journal says of one path. */
export interface Entry {
  before: Before
  image: Image | null
  /** What the test had left there, where it lived to say so; `null`: somebody else had a hand in it. */
  after: string | null | undefined
}

export interface FoundEntries {
  entries: Map<string, Entry>
  /** Lines that can't be read. */
  damaged: number
}

export function readEntries(path: string): FoundEntries {
  const entries = new Map<string, Entry>()
  const { lines, damaged } = readLog(path)
  for (const line of lines) {
    const known = entries.get(line.path)
    const image = 'image' in line ? (line.image ?? null) : null
    if (known === undefined) {
      if ('before' in line) entries.set(line.path, { before: line.before, image, after: undefined })
    } else if ('after' in line) known.after = line.after
    // What is known is the older: it was left by a test of which not all could be undone.
    else known.image ??= image
  }
  return { entries, damaged }
}

/** The lines that say the same. */
export function toLines(entries: ReadonlyMap<string, Entry>): LogLine[] {
  return [...entries].flatMap(([path, { before, image, after }]): LogLine[] => {
    const first = { path, before, ...(image === null ? {} : { image }) }
    return after === undefined ? [first] : [first, { path, after }]
  })
}
