import { basename, dirname, join, sep } from 'node:path'
import { dateNow } from '../../intrinsics.ts'
import { real } from '../memory-disk/real-disk.ts'
import { fingerprint, isOther, lookAt } from './before.ts'
import { DiskView } from './disk-view.ts'
import { type Entry, type FoundEntries, readEntries, toLines } from './entries.ts'
import { removeImages } from './journal-files.ts'
import { replaceLog } from './log.ts'
import { PutBack } from './put-back.ts'

/** A path that could not be put back. */
export interface NotUndone {
  path: string
  /** A clause without a full stop. */
  why: string
  /** Where the content is that it had before the test; null where there was none. */
  kept: string | null
}

export interface UndoResult {
  /** Paths that were put back. */
  undone: number
  failed: NotUndone[]
}

export interface UndoOptions {
  /** Where contents go that could not be put back. */
  keptFolder: string
  /** Why a path must be left alone, as a clause; `after` is what the test had left there, where it lived to say so. */
  findObstacle?: (path: string, after: string | null | undefined, view: DiskView) => string | null
  /** The journal is emptied, and not removed: another one is to be written to the same path soon. */
  isReused?: boolean
}

/**
 * Undoes what is in a journal. Not call by call: of every path that was touched it is known what stood there, so what is
 * too much goes first, from the leaves up, and what is missing is made, from the root down. It can be done again after one that
 * was ended in the middle of it. What can't be put back is told, and what was kept of it stays on the disk: it does not throw.
 */
export function undoJournal(journal: string, options: UndoOptions): UndoResult {
  const result: UndoResult = { undone: 0, failed: [] }
  const { keptFolder, findObstacle = unlessChanged, isReused = false } = options
  const found = open(journal, result)
  if (found === null) {
    if (!isReused && result.failed.length === 0) real.rmSync(journal, { force: true })
    return result
  }
  const { entries, damaged } = found
  const problems = new Map<string, string>()
  const each = (paths: readonly string[], step: (path: string, entry: Entry) => void): void => {
    for (const path of paths) {
      const entry = entries.get(path)
      if (entry === undefined || problems.has(path)) continue
      try {
        step(path, entry)
      } catch (error) {
        problems.set(path, messageOf(error))
      }
    }
  }
  const down = [...entries.keys()].sort((a, b) => depthOf(a) - depthOf(b))
  const up = [...down].reverse()
  const view = new DiskView()
  const back = new PutBack(dirname(journal), view)
  each(down, (path, entry) => back.openFolder(path, entry))
  each(down, (path, { after }) => {
    const obstacle = findObstacle(path, after, view)
    if (obstacle !== null) problems.set(path, obstacle)
  })
  each(up, (path, entry) => back.removeWrong(path, entry))
  each(down, (path, entry) => back.makeMissing(path, entry))
  each(up, (path, entry) => back.putAttributesBack(path, entry))
  result.undone = entries.size - problems.size
  const unkept = new Map<string, Entry>()
  const places = keepImages(problems.keys(), entries, journal, keptFolder)
  for (const [path, why] of problems) {
    const entry = entries.get(path)
    const kept = places.get(path) ?? null
    if (entry !== undefined && kept === journal) unkept.set(path, entry)
    result.failed.push({ path, why, kept })
  }
  if (damaged > 0) result.failed.push(describeDamage(damaged, journal, keptFolder))
  end(journal, { entries, unkept, isReused }, result)
  return result
}

/** Null where there is nothing to undo. */
function open(journal: string, { failed }: UndoResult): FoundEntries | null {
  try {
    return (lookAt(journal)?.size ?? 0) === 0 ? null : readEntries(journal)
  } catch (error) {
    failed.push({ path: journal, why: `the journal can't be read: ${messageOf(error)}`, kept: journal })
    return null
  }
}

function depthOf(path: string): number {
  return path.split(sep).length
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** What could not be put back is not thrown away. Where there is no space for it, the journal stays, and it in there. */
function keepImages(
  paths: Iterable<string>,
  entries: ReadonlyMap<string, Entry>,
  journal: string,
  keptFolder: string,
): Map<string, string> {
  const places = new Map<string, string>()
  const files: Array<{ path: string; file: string }> = []
  let isFull = false
  for (const path of paths) {
    const image = entries.get(path)?.image ?? null
    if (image === null) continue
    if ('name' in image) files.push({ path, file: join(dirname(journal), image.name) })
    else {
      const place = putAside(path, keptFolder, to => real.writeFileSync(to, image.text, 'base64'))
      isFull ||= place === null
      places.set(path, place ?? journal)
    }
  }
  for (const { path, file } of files) {
    if (!real.existsSync(file)) continue
    const place = isFull ? null : putAside(path, keptFolder, to => real.renameSync(file, to))
    places.set(path, place ?? journal)
  }
  return places
}

function putAside(path: string, keptFolder: string, write: (place: string) => void): string | null {
  try {
    const place = join(makeKeptFolder(keptFolder), basename(path))
    write(place)
    return place
  } catch {
    return null
  }
}

function makeKeptFolder(keptFolder: string): string {
  real.mkdirSync(keptFolder, { recursive: true })
  return real.mkdtempSync(join(keptFolder, 'file-'))
}

function describeDamage(damaged: number, journal: string, keptFolder: string): NotUndone {
  const lines = damaged === 1 ? 'a line' : `${damaged} lines`
  const why = `${lines} of this journal can't be read, and nobody knows what is not undone for it`
  try {
    const copy = join(makeKeptFolder(keptFolder), basename(journal))
    real.copyFileSync(journal, copy)
    return { path: journal, why, kept: copy }
  } catch {
    return { path: journal, why, kept: null }
  }
}

interface Ending {
  entries: ReadonlyMap<string, Entry>
  /** Those that can be kept nowhere else. */
  unkept: ReadonlyMap<string, Entry>
  isReused: boolean
}

/** The journal is done with; or, where it has what can be kept nowhere else, goes on with that. */
function end(journal: string, { entries, unkept, isReused }: Ending, { failed }: UndoResult): void {
  try {
    if (unkept.size > 0) {
      replaceLog(journal, toLines(unkept))
      return
    }
    if (isReused) real.truncateSync(journal, 0)
    else real.unlinkSync(journal)
    // Without their journal they are nothing any more.
    removeImages(
      journal,
      [...entries.values()].flatMap(({ image }) => (image !== null && 'name' in image ? [image.name] : [])),
    )
  } catch (error) {
    // As it was, it says more than it needs to; and it was used just now.
    if (unkept.size > 0) touchLog(journal)
    else failed.push({ path: journal, why: `the journal can't be removed: ${messageOf(error)}`, kept: null })
  }
}

function touchLog(journal: string): void {
  try {
    const now = dateNow() / 1000
    real.utimesSync(journal, now, now)
  } catch {
    // Then what was begun here is taken for the change of somebody else.
  }
}

/** Whoever undoes a test right after its end can rely on what it says it has left. All is asked before anything is put back. */
function unlessChanged(path: string, after: string | null | undefined, view: DiskView): string | null {
  if (after === undefined) return null
  const isChanged = after === null || isOther(after, fingerprint(view.look(path)))
  return isChanged ? 'another process has changed it since' : null
}
