import type { Cell, PrivateFields } from './cells.ts'
import { EntryStore } from './log/entry-store.ts'
import { isObject, objectIs } from './uncurried.ts'
import type { Store } from './unrestorable.ts'

type Visit = (value: unknown) => void

/** Variables of modules and calls. */
export class CellStore implements Store {
  readonly #entries: Array<readonly [cell: Cell, values: readonly unknown[]]> = []

  add(cell: Cell, visit: Visit): void {
    const values = readAll(cell)
    if (values === null) return
    this.#entries.push([cell, values])
    for (const value of values) if (isObject(value)) visit(value)
  }

  restore(): number {
    let repairs = 0
    for (const [cell, values] of this.#entries) {
      const found = readAll(cell)
      if (found !== null && hasSameValues(found, values)) continue
      cell.write(values)
      repairs++
    }
    return repairs
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
