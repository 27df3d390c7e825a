import type { RootStore } from '../recording.ts'

/** The folder as code in a context asks for it, by functions of a library's that remember where they have been told to go (graceful-fs). */
export interface FolderFunctions {
  cwd(): string
  chdir(folder: string): void
}

/** Has such functions remember the folder of the checkpoint. Comes after the process, which is there again. */
export class ShownFolder implements RootStore {
  readonly #functions: FolderFunctions
  readonly #cwd: string | null

  constructor(functions: FolderFunctions) {
    this.#functions = functions
    this.#cwd = this.#read()
  }

  visit(): void {}

  restore(): number {
    if (this.#cwd === null || this.#read() === this.#cwd) return 0
    try {
      this.#functions.chdir(this.#cwd)
    } catch {
      // Who puts the process back tells of it.
    }
    return 1
  }

  /** Null where the folder has been removed. */
  #read(): string | null {
    try {
      return this.#functions.cwd()
    } catch {
      return null
    }
  }
}
