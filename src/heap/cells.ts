/** Reads all variables of one scope, in the order of their names; throws where one is not initialized yet. */
type Read = () => readonly unknown[]

/** Gives them back what was read. What can't be assigned to is left out of the code, and what stands in its place ignored. */
type Write = (values: readonly unknown[]) => void

/** Variables of one scope that code outside it can't reach, as the transform exposes them. */
export interface Cell {
  /** Of what they are, for the access path: `src/cache.ts`, `src/cache.ts › counter()`. */
  readonly label: string
  readonly names: readonly string[]
  readonly read: Read
  readonly write: Write
  /** In how many scopes next to `read` they stand; 0: elsewhere. */
  readonly scopes: 0 | 1 | 2
}

/** Private fields of one class. The functions stand in its body, which alone can read them. */
export interface PrivateFields {
  readonly label: string
  readonly names: readonly string[]
  isOf(instance: object): boolean
  read(instance: object): readonly unknown[]
  write(instance: object, values: readonly unknown[]): void
}

/**
 * What the transform exposes, registered by the transformed code itself while it runs. Its names are short because they stand
 * in that code.
 */
export class Cells {
  /** Whether calls register their variables: those that begin while a test runs end with it, as far as a checkpoint cares. */
  on = true
  readonly #modules = new Map<string, Array<WeakRef<Cell>>>()
  #calls: Array<WeakRef<Cell>> = []
  readonly #kept = new WeakMap<object, Cell>()
  #privates: Array<WeakRef<PrivateFields>> = []
  readonly #ofClass = new WeakMap<object, PrivateFields>()

  /**
   * The variables of a module, under its name. One that is loaded afresh stands beside the one before, as long as somebody holds on to
   * that. Kept by the caller as what `call` returns: a file that has ended takes its variables with it.
   */
  mod(label: string, names: readonly string[], read: Read, write: Write): Cell {
    const cell: Cell = { label, names, read, write, scopes: 0 }
    const copies = this.#modules.get(label) ?? []
    this.#modules.set(label, [...copies, new WeakRef(cell)])
    return cell
  }

  /**
   * The variables of one call of a function, or one turn of a loop. The caller keeps what it gets in a variable that `read`
   * reads too: so the cell lives exactly as long as the scope, and is held only weakly from here.
   */
  call(label: string, names: readonly string[], read: Read, write: Write, scopes: Cell['scopes'] = 0): Cell {
    const cell = { label, names, read, write, scopes }
    this.#calls.push(new WeakRef(cell))
    return cell
  }

  /**
   * Keeps a cell as long as an object: of a class, for its static private fields; of an object that a closure in code of its own
   * class may be the last to hold on to. One for each: what is registered of it later says the same.
   */
  keep(owner: object, cell: Cell): void {
    this.#kept.set(owner, cell)
  }

  /**
   * The private fields of a class, from a static block of it: as long as it lives. What they are read with has the scope around
   * the class, too.
   */
  priv(
    owner: object,
    label: string,
    names: readonly string[],
    isOf: PrivateFields['isOf'],
    read: PrivateFields['read'],
    write: PrivateFields['write'],
  ): void {
    const fields = { label, names, isOf, read, write }
    this.#ofClass.set(owner, fields)
    this.#privates.push(new WeakRef(fields))
  }

  /** Variables of the modules that are loaded. */
  modules(): Cell[] {
    for (const [label, copies] of this.#modules) {
      const live = copies.filter(held => held.deref() !== undefined)
      if (live.length > 0) this.#modules.set(label, live)
      else this.#modules.delete(label)
    }
    return [...this.#modules.values()].flatMap(copies => copies.flatMap(held => held.deref() ?? []))
  }

  /** Whether a module has been loaded more than once: then some of it may be garbage. */
  get hasCopies(): boolean {
    return [...this.#modules.values()].some(copies => copies.length > 1)
  }

  /** It is not loaded any more. */
  forgetModule(cell: Cell): void {
    const left = (this.#modules.get(cell.label) ?? []).filter(held => held.deref() !== cell)
    this.#modules.set(cell.label, left)
  }

  /** All that live now. */
  list(): Cell[] {
    const live = this.#calls.filter(held => held.deref() !== undefined)
    this.#calls = live
    const calls = live.flatMap(held => held.deref() ?? [])
    return [...this.modules(), ...calls]
  }

  get privates(): readonly PrivateFields[] {
    this.#privates = this.#privates.filter(held => held.deref() !== undefined)
    return this.#privates.flatMap(held => held.deref() ?? [])
  }
}
