import { attributesJournal } from '../../src/heap/attributes-journal.ts'
import { loadNatives } from '../../src/heap/natives.ts'
import { Recording } from '../../src/heap/recording.ts'
import { findBoundary } from '../../src/heap/roots/boundary.ts'
import { weakJournal } from '../../src/heap/weak-journal.ts'

/** Records what an object leads to. */
export function takeRecording(root: object, isJournalWhole = (): boolean => true): Recording {
  const stores = [{ visit: (visit: (value: unknown) => void) => visit(root), restore: () => 0 }]
  const options = {
    natives: loadNatives(),
    boundary: findBoundary(),
    privates: [],
    weak: weakJournal(),
    attributes: attributesJournal(),
    isJournalWhole,
  }
  return Recording.take({ cells: [], stores }, options)
}

/** The library of types that goes with Node 20 does not have it. */
