import type { CarriedPart } from './carried.ts'

/** Jest's console for results that are printed per file: it keeps what tests print. Others print at once. */
interface BufferedConsole {
  _buffer?: unknown[]
}

export function consolePart(ofFile: object): CarriedPart<unknown[]> {
  const { _buffer: entries = [] } = ofFile as BufferedConsole
  return {
    watch: () => {
      const { length } = entries
      return () => entries.slice(length)
    },
    apply: added => {
      entries.push(...added)
    },
  }
}
