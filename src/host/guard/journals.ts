import { join } from 'node:path'
import { keptFolder, ownJournalFolder } from '../journal/journal-folder.ts'
import { type UndoResult, undoFolder } from '../journal/undo.ts'
import { JournalUnit } from '../journal/unit.ts'
import { real } from '../memory-disk/real-disk.ts'

/** The journals of this process's tests, each in a folder of its own. */
export class Journals {
  readonly #folder: string
  readonly #keptFolder: string

  /** @param root the project's folder */
  constructor(root: string) {
    this.#folder = ownJournalFolder(root)
    this.#keptFolder = keptFolder(root)
  }

  start(name: string): JournalUnit {
    return new JournalUnit(this.#unitFolder(name))
  }

  undo(name: string): UndoResult {
    return this.#undo(this.#unitFolder(name))
  }

  /** Undoes what there is so far, and starts anew. */
  restart({ folder }: JournalUnit): UndoResult & { unit: JournalUnit } {
    return { ...this.#undo(folder), unit: new JournalUnit(folder) }
  }

  /** Undoes all that there are: those of tests whose end nobody has seen. */
  undoLeft(): UndoResult {
    const total: UndoResult = { undone: 0, failed: [] }
    if (!real.existsSync(this.#folder)) return total
    for (const name of real.readdirSync(this.#folder)) {
      const { undone, failed } = this.#undo(join(this.#folder, name))
      total.undone += undone
      total.failed.push(...failed)
    }
    // What could be kept nowhere else is still in it, for the next run.
    if (real.readdirSync(this.#folder).length === 0) real.rmdirSync(this.#folder)
    return total
  }

  #undo(folder: string): UndoResult {
    return undoFolder(folder, { keptFolder: this.#keptFolder })
  }

  #unitFolder(name: string): string {
    return join(this.#folder, name.replaceAll(/[^\w-]/g, '_'))
  }
}
