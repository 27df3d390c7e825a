/** Lets one caller in at a time, in the order of asking. */
export class Lock {
  #last: Promise<void> = Promise.resolve()

  /** Resolves, with the function that lets the next one in, when it is the caller's turn. */
  async acquire(): Promise<() => void> {
    const before = this.#last
    let release = (): void => {}
    this.#last = new Promise(resolve => {
      release = resolve
    })
    await before
    return release
  }
}
