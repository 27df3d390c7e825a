import { EntryStore } from '../log/entry-store.ts'
import {
  isObject,
  mapClear,
  mapForEach,
  mapSet,
  mapSize,
  objectIs,
  setAdd,
  setClear,
  setForEach,
  setSize,
} from '../uncurried.ts'

type Visit = (value: unknown) => void

/** Entries of maps, in their order: key, value, key, value. */
export class MapStore extends EntryStore {
  readonly objects: Array<Map<unknown, unknown>> = []
  readonly #flat: Array<readonly unknown[]> = []

  add(map: Map<unknown, unknown>, visit: Visit): void {
    const flat: unknown[] = []
    mapForEach(map, (value, key) => {
      flat.push(key, value)
      if (isObject(key)) visit(key)
      if (isObject(value)) visit(value)
    })
    this.objects.push(map)
    this.#flat.push(flat)
  }

  restoreAt(place: number): number {
    return restoreMap(this.objects[place] as Map<unknown, unknown>, this.#flat[place] ?? [])
  }
}

/** Values of sets, in their order. */
export class SetStore extends EntryStore {
  readonly objects: Array<Set<unknown>> = []
  readonly #values: Array<readonly unknown[]> = []

  add(set: Set<unknown>, visit: Visit): void {
    const values: unknown[] = []
    setForEach(set, value => {
      values.push(value)
      if (isObject(value)) visit(value)
    })
    this.objects.push(set)
    this.#values.push(values)
  }

  restoreAt(place: number): number {
    return restoreSet(this.objects[place] as Set<unknown>, this.#values[place] ?? [])
  }
}

/** A map whose keys are the same, in the same order, is given its values; any other is filled afresh. */
function restoreMap(map: Map<unknown, unknown>, flat: readonly unknown[]): number {
  let isSameKeys = mapSize(map) * 2 === flat.length
  const changed: number[] = []
  if (isSameKeys) {
    let i = 0
    mapForEach(map, (value, key) => {
      if (!objectIs(key, flat[i])) isSameKeys = false
      if (!objectIs(value, flat[i + 1])) changed.push(i)
      i += 2
    })
  }
  if (isSameKeys) {
    for (const i of changed) mapSet(map, flat[i], flat[i + 1])
    return changed.length
  }
  mapClear(map)
  for (let i = 0; i < flat.length; i += 2) mapSet(map, flat[i], flat[i + 1])
  return 1
}

function restoreSet(set: Set<unknown>, values: readonly unknown[]): number {
  let isSame = setSize(set) === values.length
  if (isSame) {
    let i = 0
    setForEach(set, value => {
      if (!objectIs(value, values[i++])) isSame = false
    })
  }
  if (isSame) return 0
  setClear(set)
  for (const value of values) setAdd(set, value)
  return 1
}
