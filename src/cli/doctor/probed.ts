import type { Obstacle } from '../../engine.ts'

/** Something that an engine can do without. */
export interface Aid {
  aid: string
  missing: string | null
  /** What it is like without, as a clause. */
  without?: string
}

/** What a process that was started as the runners start theirs has found about one engine. */
export type Probed =
  | { refusal: Obstacle & { check: string } }
  | {
      refusal: null
      /** How long a rollback of next to nothing took. */
      ms: number
      /** What makes it fast, and why that is not to be had here; null where it is. */
      aids: readonly Aid[]
    }
