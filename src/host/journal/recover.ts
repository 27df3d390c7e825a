import { lookAt } from './before.ts'
import { listJournals, removeIfDone } from './journal-files.ts'
import { journalRoot, keptFolder, orphanedFolders } from './journal-folder.ts'
import { type UndoResult, undoJournal } from './undo.ts'

/** A call that was begun when the process was ended may have gone on for so long; what changed later, somebody else changed. */
const LAST_CALL_MS = 5000

/** Undoes what tests had done to the disk when their process was ended by force: from the journals it has left. It does not throw. */
export function recoverJournals(projectRoot: string): UndoResult {
  const result: UndoResult = { undone: 0, failed: [] }
  const attempt = (path: string, step: () => void): void => {
    try {
      step()
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      result.failed.push({ path, why: `this journal can't be read: ${why}`, kept: null })
    }
  }
  attempt(journalRoot(projectRoot), () => {
    for (const folder of orphanedFolders(projectRoot)) {
      attempt(folder, () => recoverFolder(folder, keptFolder(projectRoot), result))
    }
  })
  return result
}

/** The journals of one process, the latest first. */
function recoverFolder(folder: string, keptFolder: string, result: UndoResult): void {
  const journals = listJournals(folder).map(path => ({ path, last: lookAt(path)?.mtimeMs ?? 0 }))
  for (const { path: journal, last } of journals.sort((a, b) => b.last - a.last)) {
    const { undone, failed } = undoJournal(journal, {
      keptFolder,
      findObstacle: path =>
        (lookAt(path)?.mtimeMs ?? 0) > last + LAST_CALL_MS ? 'it was changed after that run' : null,
    })
    result.undone += undone
    result.failed.push(...failed)
  }
  removeIfDone(folder)
}

/** For people: what was undone, and what could not be; empty when there was nothing. */
export function describeRecovery({ undone, failed }: UndoResult): string[] {
  if (undone === 0 && failed.length === 0) return []
  const paths = undone === 1 ? '1 path that it had changed was' : `${undone} paths that it had changed were`
  return [
    `An earlier run was ended in the middle of a test; ${paths} put back as before.`,
    ...failed.map(({ path, why, kept }) => {
      const where = kept === null ? '' : `; its content before the test is in ${kept}`
      return `Not put back: ${path} (${why})${where}.`
    }),
  ]
}
