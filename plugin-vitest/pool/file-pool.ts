import type { FileStarts, ForkedProcess, ResolvedOptions } from 'forkpoint/adapter'
import type { PoolOptions, PoolWorker } from 'vitest/node'
import { FileWorker } from './file-worker.ts'
import { findMockedPackages } from './mocked-packages.ts'
import { POOL_NAME } from './pool-name.ts'
import { resolvePreload } from './resolve-preload.ts'
import { ZygoteSource } from './zygote-source.ts'
import { isRefusal, type Zygotes } from './zygotes.ts'

const DIED = {
  why: 'the process that it was to be forked from has ended',
  remedy: 'see what it has printed',
}

/** The pool of a project whose test files are forked from a zygote. */
export class FilePool {
  readonly name: string = POOL_NAME
  readonly #zygotes: Zygotes
  readonly #options: ResolvedOptions
  readonly #starts: FileStarts
  readonly #sources = new Map<string, Promise<ZygoteSource>>()

  /** @param starts takes note of how the files were started */
  constructor(zygotes: Zygotes, options: ResolvedOptions, starts: FileStarts) {
    this.#zygotes = zygotes
    this.#options = options
    this.#starts = starts
  }

  createPoolWorker(options: PoolOptions): PoolWorker {
    return new FileWorker(options, {
      find: files => this.#find(options, files),
      noteImports: async (file, imports) => (await this.#sourceOf(options)).note(options, file, imports),
    })
  }

  /** For the runs to come. */
  async save(): Promise<void> {
    for (const source of this.#sources.values()) await source.then(each => each.save()).catch(() => {})
  }

  async #find(options: PoolOptions, files: readonly string[]): Promise<ForkedProcess | null> {
    const source = await this.#sourceOf(options)
    const mocked = source.findPreloaded(new Set(files.flatMap(file => [...findMockedPackages(file)])))
    if (mocked !== null) {
      const why = `it mocks '${mocked}', which is imported before the fork`
      this.#starts.noteLeft(files, { why, remedy: 'nothing is wrong with that' })
      return null
    }
    const found = await source.find(options)
    if (isRefusal(found)) {
      this.#starts.noteLeft(files, found)
      return null
    }
    const forked = await found.zygote.fork()
    if (forked !== null) this.#starts.noteForked(found.report)
    else this.#starts.noteLeft(files, DIED)
    return forked
  }

  #sourceOf(options: PoolOptions): Promise<ZygoteSource> {
    const { name, options: given } = options.environment
    const key = JSON.stringify([name, given])
    const known = this.#sources.get(key)
    if (known !== undefined) return known
    const source = this.#makeSource(options)
    this.#sources.set(key, source)
    return source
  }

  async #makeSource(options: PoolOptions): Promise<ZygoteSource> {
    const { guard, engine, preload } = this.#options
    const asked = await resolvePreload(options.project, preload)
    return ZygoteSource.open(this.#zygotes, guard !== 'off' && engine !== 'off', asked, options)
  }
}
