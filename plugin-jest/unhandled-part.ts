import type { CarriedPart } from './carried.ts'
import type { CircusState } from './circus.ts'
import { type PackedError, packError } from './packed-error.ts'

/** Errors of no test, which fail the file. */
export function unhandledPart(
  state: CircusState,
  known: ReadonlyMap<unknown, number>,
  unpack: (error: PackedError) => unknown,
): CarriedPart<PackedError[]> {
  return {
    watch: () => {
      const { length } = state.unhandledErrors
      return () => state.unhandledErrors.slice(length).map(error => packError(error, known))
    },
    apply: added => {
      state.unhandledErrors.push(...added.map(unpack))
    },
  }
}
