/** Something that was not as recorded and can't be put back: an object, and a clause on what is the matter with it. */
export interface Unrestorable {
  object: object
  why: string
  /** How one gets there, where no walk from a root does. */
  path?: string
}

/** Takes note of one. */
export type Report = (object: object, why: string, path?: string) => void

/** What a recording holds of one kind of state. */
export interface Store {
  /** Puts back what differs, and says how much that was. Runs no user code: no setter, no trap, no iterator. */
  restore(report: Report): number
}
