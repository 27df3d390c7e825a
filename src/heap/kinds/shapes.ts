import type { Natives } from '../natives.ts'
import { getPrototypeOf } from '../uncurried.ts'
import { ShapeGroup } from './shape-group.ts'

/** Groups of which the hidden class is compared before any other: neighbours are often alike. */
const RECENT = 6

/** As many objects of one hidden class are looked at one by one before code is made for them: it takes some 50 µs. */
const ONE_BY_ONE = 8

/** Hidden classes of one prototype that are waited for: an object used as a dictionary has one that never comes again. */
const MAX_WAITING = 64

/** A hidden class that has been seen. */
interface Candidate {
  model: object
  count: number
  /** Once it has been worth it. */
  group: ShapeGroup | null
}

type Visit = (value: unknown) => void

/** Plain objects by their hidden classes, as far as many have the same. */
export class Shapes {
  readonly groups: ShapeGroup[] = []
  readonly #natives: Natives | null
  readonly #recent: ShapeGroup[] = []
  readonly #candidates = new Map<object | null, Candidate[]>()

  constructor(natives: Natives | null) {
    this.#natives = natives
  }

  /** Takes an object of a hidden class that was met a moment ago, whatever it is. */
  addToRecent(object: object, visit: Visit): boolean {
    for (const group of this.#recent) {
      if (!group.has(object)) continue
      group.add(object, visit)
      return true
    }
    return false
  }

  /** Takes a plain object; false: it has to be recorded by itself. */
  add(object: object, visit: Visit): boolean {
    if (this.#natives === null) return false
    const candidate = this.#candidateOf(object, this.#natives)
    candidate.count++
    if (candidate.count === ONE_BY_ONE) {
      candidate.group = ShapeGroup.of(candidate.model, this.#natives)
      if (candidate.group !== null) this.groups.push(candidate.group)
    }
    const { group } = candidate
    if (!group?.has(object)) return false
    this.#recent.unshift(group)
    if (this.#recent.length > RECENT) this.#recent.pop()
    group.add(object, visit)
    return true
  }

  #candidateOf(object: object, natives: Natives): Candidate {
    const prototype = getPrototypeOf(object)
    const candidates = this.#candidates.get(prototype) ?? []
    if (candidates.length === 0) this.#candidates.set(prototype, candidates)
    const known = candidates.find(({ model }) => natives.hasSameMap(model, object))
    if (known !== undefined) return known
    const candidate = { model: object, count: 0, group: null }
    candidates.push(candidate)
    if (candidates.length > MAX_WAITING) {
      const oldest = candidates.findIndex(({ group }) => group === null)
      if (oldest !== -1) candidates.splice(oldest, 1)
    }
    return candidate
  }
}
