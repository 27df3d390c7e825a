import type { Cell, PrivateFields } from './cells.ts'
import { EntryStore, type Memory } from './log/entry-store.ts'
import { isObject, objectIs } from './uncurried.ts'
import type { Report, Store } from './unrestorable.ts'

type Visit = (value: unknown) => void

/** Variables of modules and calls, all that stand as near to the functions that read them. */
export class CellStore extends EntryStore {
  /** The functions that read them. */
  readonly objects: object[] = []
  override readonly memory: Memory
  readonly #cells: Cell[] = []
  readonly #values: Array<readonly unknown[]> = []

  constructor(memory: Memory) {
    super()
    this.memory = memory
  }

  add(cell: Cell, visit: Visit): void {
    const values = readAll(cell)
    if (values === null) return
    this.objects.push(cell.read)
    this.#cells.push(cell)
    this.#values.push(values)
    for (const value of values) if (isObject(value)) visit(value)
  }

  restoreAt(place: number): number {
    const cell = this.#cells[place] as Cell
    const values = this.#values[place] as readonly unknown[]
    const found = readAll(cell)
    if (found !== null && hasSameValues(found, values)) return 0
    cell.write(values)
    return 1
  }
}

/** Variables of which nobody knows where they stand. */
export class OtherCellStore implements Store {
  readonly #cells = new CellStore('object')

  add(cell: Cell, visit: Visit): void {
    this.#cells.add(cell, visit)
  }

  restore(report: Report): number {
    return this.#cells.restore(report)
  }
}

type FieldValues = readonly [fields: PrivateFields, values: readonly unknown[]]

/** Private fields of objects. */
export class PrivateFieldStore extends EntryStore {
  readonly objects: object[] = []
  readonly #entries: FieldValues[] = []

  add(fields: PrivateFields, object: object, visit: Visit): void {
    const values = fields.read(object)
    this.objects.push(object)
    this.#entries.push([fields, values])
    for (const value of values) if (isObject(value)) visit(value)
  }

  restoreAt(place: number): number {
    const object = this.objects[place] as object
    const [fields, values] = this.#entries[place] as FieldValues
    if (hasSameValues(fields.read(object), values)) return 0
    fields.write(object, values)
    return 1
  }
}

/** Null for a scope that has a variable which is not initialized yet. */
function readAll(cell: Cell): readonly unknown[] | null {
  try {
    return cell.read()
  } catch {
    return null
  }
}

function hasSameValues(a: readonly unknown[], b: readonly unknown[]): boolean {
  for (let i = 0; i < b.length; i++) if (!objectIs(a[i], b[i])) return false
  return true
}
