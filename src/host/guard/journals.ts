import { dirname, sep } from 'node:path'
import { journalAt, listJournals, removeIfDone } from '../journal/journal-files.ts'
import { keptFolder, ownJournalFolder } from '../journal/journal-folder.ts'
import { type UndoResult, undoJournal } from '../journal/undo.ts'
import { JournalUnit } from '../journal/unit.ts'
import { real } from '../memory-disk/real-disk.ts'

/** The journals of this process's tests. A name that is used again has the same file, which costs less than to make one. */
export class Journals {
  readonly #folder: string
  readonly #keptFolder: string
  /** How many journals have what can be kept nowhere else: they stay as they are. */
  #staying = 0

  /** @param root the project's folder */
  constructor(root: string) {
    this.#folder = ownJournalFolder(root)
    this.#keptFolder = keptFolder(root)
  }

  /** Whether it is a file of journals, or a folder that was made for them. */
  has(path: string): boolean {
    return this.#folder.startsWith(path + sep) || path.startsWith(dirname(this.#folder) + sep)
  }

  start(name: string): JournalUnit {
    return new JournalUnit(this.#pathOf(name))
  }

  undo(name: string): UndoResult {
    return this.#undo(this.#pathOf(name), true)
  }

  /** Undoes what there is so far, and starts anew. */
  restart(name: string): UndoResult & { unit: JournalUnit } {
    return { ...this.undo(name), unit: this.start(name) }
  }

  /** Undoes all that there are, those of tests whose end nobody has seen, and removes them. */
  undoLeft(): UndoResult {
    const total: UndoResult = { undone: 0, failed: [] }
    if (!real.existsSync(this.#folder)) return total
    for (const journal of listJournals(this.#folder)) {
      const { undone, failed } = this.#undo(journal, false)
      total.undone += undone
      total.failed.push(...failed)
    }
    removeIfDone(this.#folder)
    return total
  }

  #undo(journal: string, isReused: boolean): UndoResult {
    const result = undoJournal(journal, { keptFolder: this.#keptFolder, isReused })
    if (result.failed.some(({ kept }) => kept === journal)) this.#staying++
    return result
  }

  #pathOf(name: string): string {
    return journalAt(this.#folder, this.#staying === 0 ? name : `${name}-${this.#staying}`)
  }
}
