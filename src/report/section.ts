import type { Style } from './style.ts'

/** A label of the summary and what stands right of it; every line but the first is indented under the first. */
export interface Section {
  label: string
  lines: string[]
}

/** How the parts of the summary write. */
export interface Manner {
  style: Style
  /** Say everything, however long it gets. */
  trace: boolean
  /** A path as short as a reader needs it. */
  showPath(path: string): string
}

const MOST_LINES = 5

/** The first lines of a list that may be long, and how many were left out. */
export function shorten(lines: readonly string[], { style, trace }: Manner): string[] {
  if (trace || lines.length <= MOST_LINES) return [...lines]
  return [...lines.slice(0, MOST_LINES), style.dim(`and ${lines.length - MOST_LINES} more`)]
}

/** `1 suite`, `2 suites`. */
export function count(amount: number, noun: string): string {
  return `${amount} ${noun}${amount === 1 ? '' : 's'}`
}

/** Where something is, from the outside in: file, suite, test. */
export function placeOf(
  place: { file?: string; suite?: string; test?: string },
  { showPath }: Manner,
): string {
  return [showPath(place.file ?? ''), place.suite ?? '', place.test ?? ''].filter(Boolean).join(' > ')
}
