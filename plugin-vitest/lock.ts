/** Lets one caller in at a time, in the order of asking. */
export class Lock {
  #last: Promise<void> = Promise.resolve()
  #waiting = 0

  /** Callers that have asked and not been let in. */
  get waiting(): number {
    return this.#waiting
  }

  /** Resolves, with the function that lets the next one in, when it is the caller's turn. */
  async acquire(): Promise<() => void> {
    const before = this.#last
    let release = (): void => {}
    this.#last = new Promise(resolve => {
      release = resolve
    })
    this.#waiting++
    await before
    this.#waiting--
    return release
  }
}
