import type { Kind, KindRefusal } from '../kinds/table.ts'

/** A script of test/engine-scripts, run to its end in a Node process in which the engine can work. */
export interface Ended {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

export type Launch = (script: string, scenario: string) => Ended

/** In what engines may differ. */
export interface Traits {
  /** How it refuses a kind of state; null where it restores it. */
  refusalOf(kind: Kind): KindRefusal | null
  /** How it names a read of a file that is under way. */
  readonly inFlight: string
  /** What `exclude` was given stays as a run leaves it. */
  readonly leavesOut: boolean
  /** A body may end its process. */
  readonly hasProcesses: boolean
}
