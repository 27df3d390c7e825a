/** What the process of a test file tells the pool at its end. */
export interface ImportsMessage {
  file: string
  /** Modules that Node has imported for it, in their order, with the milliseconds that each took. */
  imports: Array<[url: string, ms: number]>
}
