/** What an object leads to, or is: a step of an access path, and the value at its end. */
export type Edge = readonly [step: string, value: unknown]

/** Entries of a weak collection, whose order says nothing. */
export class Entries {
  readonly values: ReadonlyMap<unknown, unknown>

  constructor(values: ReadonlyMap<unknown, unknown>) {
    this.values = values
  }
}
