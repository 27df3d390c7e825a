import { EntryStore } from '../log/entry-store.ts'
import { hasElement, type Natives } from '../natives.ts'
import { listRealms } from '../realms.ts'
import { getPrototypeOf } from '../uncurried.ts'
import type { Report } from '../unrestorable.ts'
import { type OwnPropertiesStore, repairProperties } from './own-properties.ts'

type Visit = (value: unknown) => void

const pooled = Buffer.alloc(1)

const isNoElement = (key: PropertyKey): boolean => typeof key === 'symbol' || !/^\d+$/.test(String(key))

/** Elements of a typed array are no properties. */
const isAdorned = (object: object): boolean => !ArrayBuffer.isView(object) && hasElement(object)

/** Objects with state of their own kind which, as most of that kind, have no properties beside it: their hidden class tells. */
export class UnadornedStore extends EntryStore {
  readonly objects: object[] = []
  readonly #natives: Natives | null
  readonly #others: OwnPropertiesStore
  /** Nobody else has them. */
  readonly #models: readonly object[] = [pooled, ...listRealms().flatMap(({ unadorned }) => unadorned)]
  readonly #exemplars: object[] = []

  /** @param others takes those that have some */
  constructor(natives: Natives | null, others: OwnPropertiesStore) {
    super()
    this.#natives = natives
    this.#others = others
  }

  add(object: object, visit: Visit): void {
    const natives = this.#natives
    const exemplar =
      natives && !isAdorned(object) && this.#models.find(each => natives.hasSameMap(each, object))
    if (exemplar) {
      this.objects.push(object)
      this.#exemplars.push(exemplar)
    } else this.#others.add(object, visit, ArrayBuffer.isView(object) ? isNoElement : undefined)
  }

  restoreAt(place: number, report: Report): number {
    const object = this.objects[place] as object
    const exemplar = this.#exemplars[place] as object
    const isAsBefore = this.#natives?.hasSameMap(exemplar, object) && !isAdorned(object)
    return isAsBefore ? 0 : repair(object, exemplar, report)
  }
}

function repair(object: object, exemplar: object, report: Report): number {
  return repairProperties(
    object,
    {
      prototype: getPrototypeOf(exemplar),
      isExtensible: true,
      keys: [],
      descriptorAt: () => ({}),
      ...(ArrayBuffer.isView(object) && { isOwn: isNoElement }),
    },
    report,
  )
}
