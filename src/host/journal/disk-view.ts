import type { Stats } from 'node:fs'
import { dirname } from 'node:path'
import { isAtItsPlace, lookAt } from './before.ts'

/**
 * The disk as an undo sees it: what it has looked at once, it looks at again only when it has changed something there itself. Each
 * change that is made is to be told.
 */
export class DiskView {
  readonly #atPlace = new Map<string, boolean>()
  readonly #stats = new Map<string, Stats | null>()

  /** What stands at the path; null also where a folder on the way to it is not at its place. */
  look(path: string): Stats | null {
    const known = this.#stats.get(path)
    if (known !== undefined) return known
    const stats = this.isAtItsPlace(path) ? lookAt(path) : null
    this.#stats.set(path, stats)
    return stats
  }

  /** No folder on the way to it has become a link: to look there would be to look elsewhere. */
  isAtItsPlace(path: string): boolean {
    const folder = dirname(path)
    const known = this.#atPlace.get(folder)
    if (known !== undefined) return known
    const isThere = isAtItsPlace(path)
    this.#atPlace.set(folder, isThere)
    return isThere
  }

  /** What stands at the path has been changed, and is what it was. */
  noteChanged(path: string): void {
    this.#stats.delete(path)
  }

  /** A file has come to the path, or gone from it: its folder's time is another. */
  noteFile(path: string): void {
    this.#stats.delete(path)
    this.#stats.delete(dirname(path))
  }

  /** A folder, or a link to one, has come or gone, or lets look into it: whatever is below may be another. */
  noteFolder(): void {
    this.#stats.clear()
    this.#atPlace.clear()
  }
}
