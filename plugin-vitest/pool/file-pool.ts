import type { FileStarts, ForkedProcess, ResolvedOptions } from 'forkpoint/adapter'
import type { PoolOptions, PoolWorker } from 'vitest/node'
import { FileWorker } from './file-worker.ts'
import { POOL_NAME } from './pool-name.ts'
import { resolvePreload } from './resolve-preload.ts'
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
  #preload: Promise<string[]> | null = null

  /** @param starts takes note of how the files were started */
  constructor(zygotes: Zygotes, options: ResolvedOptions, starts: FileStarts) {
    this.#zygotes = zygotes
    this.#options = options
    this.#starts = starts
  }

  createPoolWorker(options: PoolOptions): PoolWorker {
    return new FileWorker(options, (given, files) => this.#find(given, files))
  }

  async #find(options: PoolOptions, files: readonly string[]): Promise<ForkedProcess | null> {
    const { guard, engine, preload } = this.#options
    this.#preload ??= resolvePreload(options.project, preload)
    const isGuarding = guard !== 'off' && engine !== 'off'
    const found = await this.#zygotes.find(options, isGuarding, await this.#preload)
    if (isRefusal(found)) {
      this.#starts.noteLeft(files, found)
      return null
    }
    const forked = await found.zygote.fork()
    if (forked !== null) this.#starts.noteForked(found.report)
    else this.#starts.noteLeft(files, DIED)
    return forked
  }
}
