import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** What a map has, as far as it matters here. */
export interface SourceMap {
  mappings: string
}

let count = 0

/** Where Jest can read the map of code that was made of other code: on the disk, in Jest's own cache, by what it depends on. */
export class SourceMaps {
  readonly #folder: string

  /** @param cacheDirectory Jest's */
  constructor(cacheDirectory: string) {
    this.#folder = join(cacheDirectory, 'forkpoint')
  }

  /**
   * The path of the map of `code`. Null where it can't be written: what is thrown is then shown where it is in that code.
   *
   * @param before the path of the map that the code came with
   * @param compose makes the map, of the one before
   */
  pathOf(code: string, before: string | null, compose: (before: SourceMap | null) => object): string | null {
    const key = createHash('sha256')
      .update(JSON.stringify([before, code]))
      .digest('hex')
    const path = join(this.#folder, `${key}.map`)
    if (existsSync(path)) return path
    const temporary = `${path}.${process.pid}-${count++}.tmp`
    try {
      mkdirSync(this.#folder, { recursive: true })
      writeFileSync(temporary, JSON.stringify(compose(readMap(before))))
      renameSync(temporary, path)
      return path
    } catch {
      return null
    }
  }
}

/** Null where there is none: Jest names a path for each file that it finds in its cache. */
function readMap(path: string | null): SourceMap | null {
  if (path === null || !existsSync(path)) return null
  const map = JSON.parse(readFileSync(path, 'utf8')) as Partial<SourceMap>
  return typeof map.mappings === 'string' ? (map as SourceMap) : null
}
