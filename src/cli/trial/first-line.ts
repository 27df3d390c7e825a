import { stripVTControlCharacters } from 'node:util'

/** Of what a runner says of an error, without the colours of a terminal. */
export function firstLine(text: string): string {
  return stripVTControlCharacters(text).split('\n')[0] ?? ''
}
