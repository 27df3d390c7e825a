import { FileStarts, type RunRecord } from 'forkpoint/adapter'
import type { Vitest } from 'vitest/node'
import type { FilePool } from './file-pool.ts'
import { Zygotes } from './zygotes.ts'

type StartsRecord = NonNullable<RunRecord['starts']>

const forkings = new WeakMap<Vitest, Forking>()

/** What the projects of one Vitest have in common for forking their test files. */
export class Forking {
  readonly zygotes: Zygotes = new Zygotes()
  readonly starts: FileStarts = new FileStarts()
  #pools: FilePool[] = []
  /** A restart in watch mode makes it anew. */
  #config: Vitest['config']

  private constructor(vitest: Vitest) {
    this.#config = vitest.config
    vitest.onClose(() => this.zygotes.close())
  }

  /** A run has ended: what was learned is kept, and what there is to say is given back. */
  endRun(): StartsRecord | null {
    for (const pool of this.#pools) void pool.save()
    return this.starts.take()
  }

  add(pool: FilePool): void {
    this.#pools.push(pool)
  }

  /** Made when the first project wants its files forked. */
  static of(vitest: Vitest): Forking {
    const forking = forkings.get(vitest) ?? new Forking(vitest)
    forkings.set(vitest, forking)
    if (forking.#config !== vitest.config) {
      forking.#config = vitest.config
      forking.#pools = []
      // What was imported under another configuration may be something else now.
      void forking.zygotes.close()
    }
    return forking
  }

  /** Null where no project wants its files forked. */
  static find(vitest: Vitest): Forking | null {
    return forkings.get(vitest) ?? null
  }
}
