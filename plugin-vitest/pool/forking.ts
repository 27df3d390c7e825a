import { FileStarts } from 'forkpoint/adapter'
import type { Vitest } from 'vitest/node'
import { Zygotes } from './zygotes.ts'

const forkings = new WeakMap<Vitest, Forking>()

/** What the projects of one Vitest have in common for forking their test files. */
export class Forking {
  readonly zygotes: Zygotes = new Zygotes()
  readonly starts: FileStarts = new FileStarts()
  /** A restart in watch mode makes it anew. */
  #config: Vitest['config']

  private constructor(vitest: Vitest) {
    this.#config = vitest.config
    vitest.onClose(() => this.zygotes.close())
  }

  /** Made when the first project wants its files forked. */
  static of(vitest: Vitest): Forking {
    const forking = forkings.get(vitest) ?? new Forking(vitest)
    forkings.set(vitest, forking)
    if (forking.#config !== vitest.config) {
      forking.#config = vitest.config
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
