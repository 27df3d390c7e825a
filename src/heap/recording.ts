import type { Cell } from './cells.ts'
import { isLogged } from './log/entry-store.ts'
import { WrittenPlaces } from './log/written-places.ts'
import { Recorder, type RecorderOptions } from './recorder.ts'
import type { Report, Store, Unrestorable } from './unrestorable.ts'
import type { WeakChanges } from './weak-journal.ts'

/** Something from which a walk begins, and which is restored itself. */
export interface RootStore extends Store {
  /** What it has found besides, restored after it. */
  readonly parts?: readonly Store[]
  visit(visit: (value: unknown) => void): void
}

export interface Roots {
  /** What of it is restored is one of the stores. */
  global?: object
  cells: readonly Cell[]
  stores: readonly RootStore[]
  /** Restored before all else. */
  first?: readonly RootStore[]
}

export interface Restored {
  /** How many things were put back. */
  repairs: number
  unrestorable: Unrestorable[]
}

/** The state of all that the roots lead to, at one moment. Identity is kept: the objects are the same ones after a restore. */
export class Recording {
  readonly #stores: readonly Store[]
  readonly #weak: RecorderOptions['weak']
  readonly #weakChanges: WeakChanges
  #written: WrittenPlaces | null
  /** What moves without a way back, should it move. */
  readonly unsupported: readonly Unrestorable[]
  /** Number of objects. */
  readonly size: number
  /** Why not all is recorded, if so: such a recording is good for nothing. */
  readonly full: string | null

  private constructor(recorder: Recorder, stores: readonly Store[], weak: RecorderOptions['weak']) {
    this.#stores = stores
    this.unsupported = recorder.unsupported
    this.size = recorder.size
    this.full = recorder.full
    this.#weak = weak
    this.#weakChanges = weak.begin(recorder.weakCollections)
    this.#written =
      recorder.full === null && recorder.unsupported.length === 0
        ? new WrittenPlaces(stores.filter(isLogged))
        : null
  }

  /** Records now. Runs no user code. */
  static take({ cells, stores, first = [] }: Roots, options: RecorderOptions): Recording {
    const recorder = new Recorder(options)
    for (const cell of cells) recorder.addCell(cell)
    for (const store of [...first, ...stores]) store.visit(value => recorder.addRoot(value))
    const found = recorder.finish()
    const earlier = first.flatMap(store => [store, ...(store.parts ?? [])])
    return new Recording(recorder, [...earlier, ...found, ...stores], options.weak)
  }

  /** Puts everything back that is not as it was, as far as that can be done. Runs no user code. */
  restore(): Restored {
    const unrestorable: Unrestorable[] = []
    const report: Report = (object, why, path) =>
      void unrestorable.push({ object, why, ...(path !== undefined && { path }) })
    let repairs = this.#weakChanges.undo()
    const written = this.#written?.take() ?? null
    for (const store of this.#stores) {
      const places = isLogged(store) ? written?.get(store) : undefined
      repairs += places && isLogged(store) ? store.restoreSome(places, report) : store.restore(report)
    }
    this.#written?.note()
    return { repairs, unrestorable }
  }

  /** Lets go of it: there is no restore any more. */
  release(): void {
    this.#weak.end(this.#weakChanges)
    this.#written?.close()
    this.#written = null
  }
}
