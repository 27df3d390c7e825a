/** What `exclude` was given. Held weakly: to leave something out is no reason to keep it. */
export class Exclusions {
  #objects: WeakRef<object>[] = []
  #known = new WeakSet<object>()

  add(object: object): void {
    if (this.#known.has(object)) return
    this.#known.add(object)
    this.#objects.push(new WeakRef(object))
  }

  /** What comes is no concern of those who said so. */
  clear(): void {
    this.#objects = []
    this.#known = new WeakSet()
  }

  has(object: object): boolean {
    return this.#known.has(object)
  }

  /** Those that live. */
  list(): object[] {
    this.#objects = this.#objects.filter(held => held.deref() !== undefined)
    return this.#objects.map(held => held.deref()).filter(object => object !== undefined)
  }
}
