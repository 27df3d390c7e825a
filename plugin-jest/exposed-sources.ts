import { dirname, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { loadTransform, TransformCache } from 'forkpoint/adapter'
import { RUNNER_CODE } from './runner-code.ts'
import { SourceMaps } from './source-maps.ts'

type Transform = Awaited<ReturnType<typeof loadTransform>>
type Inserted = Parameters<Transform['shiftMappings']>[2]

/** What Jest has made of a file. */
export interface TransformResult {
  code: string
  originalCode: string
  sourceMapPath: string | null
}

/** The code of a file as Jest has made it, and what was put into it. */
export interface Exposure {
  before: TransformResult
  code: string
  inserted: Inserted
}

/** Functions that babel's istanbul plugin puts into modules: its counters. */
export const FOREIGN: RegExp = /^cov_/

const OWN_FOLDER = `${dirname(fileURLToPath(import.meta.url)).replaceAll('\\', '/')}/`

/** Exposes the state of the modules of one test file to the heap engine: in what Jest's transforms, coverage included, have made. */
export class ExposedSources {
  /** By the path of the file. */
  readonly files: Map<string, Exposure> = new Map()
  readonly #transform: Transform
  readonly #cache: TransformCache
  readonly #maps: SourceMaps
  readonly #root: string

  constructor(transform: Transform, root: string, cacheDirectory: string) {
    this.#transform = transform
    this.#cache = new transform.TransformCache(transform.cacheFolder(root))
    this.#maps = new SourceMaps(cacheDirectory)
    this.#root = root
  }

  /** What is to run in place of what Jest has made; the same where there is nothing to expose. */
  expose(file: string, before: TransformResult, sourceType: 'module' | 'commonjs'): TransformResult {
    const path = file.replaceAll('\\', '/')
    if (RUNNER_CODE.test(path) || path.startsWith(OWN_FOLDER)) return before
    const label = relative(this.#root, file).replaceAll('\\', '/')
    const exposed = this.#cache.exposeState(before.code, { id: file, label, sourceType, foreign: FOREIGN })
    if (exposed === null) return before
    const { code, inserted, map } = exposed
    const sourceMapPath = this.#maps.pathOf(code, before.sourceMapPath, of =>
      of === null
        ? map
        : { ...of, mappings: this.#transform.shiftMappings(of.mappings, before.code, inserted) },
    )
    this.files.set(file, { before, code, inserted })
    return { code, originalCode: before.originalCode, sourceMapPath }
  }
}
