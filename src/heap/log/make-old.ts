import { collectGarbage } from '../../collect-garbage.ts'

/** V8 moves what is young, twice; then it is old, and stays where it is for long. */
export function makeOld(): void {
  collectGarbage({ type: 'minor', execution: 'sync' })
  collectGarbage({ type: 'minor', execution: 'sync' })
}
