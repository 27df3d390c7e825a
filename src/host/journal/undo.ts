import { basename, join, sep } from 'node:path'
import { dateNow } from '../../intrinsics.ts'
import { real } from '../memory-disk/real-disk.ts'
import { fingerprint, isOther, placeLooker } from './before.ts'
import { type Entry, type FoundEntries, readEntries, toLines } from './entries.ts'
import { LOG_NAME, replaceLog } from './log.ts'
import { makeMissing, openFolder, putAttributesBack, removeWrong } from './put-back.ts'

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
  findObstacle?: (path: string, after: string | null | undefined) => string | null
}

/**
 * Undoes what is in a unit's folder. Not call by call: of every path that was touched it is known what stood there, so what is
 * too much goes first, from the leaves up, and what is missing is made, from the root down. It can be done again after one that
 * was ended in the middle of it. What can't be put back is told, and what was kept of it stays on the disk: it does not throw.
 */
export function undoFolder(folder: string, options: UndoOptions): UndoResult {
  const result: UndoResult = { undone: 0, failed: [] }
  const found = open(folder, result)
  if (found === null) return result
  const { keptFolder, findObstacle = unlessChanged() } = options
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
  each(down, openFolder)
  each(down, (path, { after }) => {
    const obstacle = findObstacle(path, after)
    if (obstacle !== null) problems.set(path, obstacle)
  })
  each(up, removeWrong)
  each(down, (path, entry) => makeMissing(path, entry, folder))
  each(up, putAttributesBack)
  result.undone = entries.size - problems.size
  const unkept = new Map<string, Entry>()
  const places = keepImages(problems.keys(), entries, folder, keptFolder)
  for (const [path, why] of problems) {
    const entry = entries.get(path)
    const kept = places.get(path) ?? null
    if (entry !== undefined && kept === folder) unkept.set(path, entry)
    result.failed.push({ path, why, kept })
  }
  if (damaged > 0) result.failed.push(describeDamage(damaged, folder, keptFolder))
  end(folder, unkept, result)
  return result
}

function open(folder: string, { failed }: UndoResult): FoundEntries | null {
  try {
    return real.existsSync(folder) ? readEntries(folder) : null
  } catch (error) {
    failed.push({ path: folder, why: `the journal can't be read: ${messageOf(error)}`, kept: folder })
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
  folder: string,
  keptFolder: string,
): Map<string, string> {
  const places = new Map<string, string>()
  const files: Array<{ path: string; file: string }> = []
  let isFull = false
  for (const path of paths) {
    const image = entries.get(path)?.image ?? null
    if (image === null) continue
    if ('name' in image) files.push({ path, file: join(folder, image.name) })
    else {
      const place = putAside(path, keptFolder, to => real.writeFileSync(to, image.text, 'base64'))
      isFull ||= place === null
      places.set(path, place ?? folder)
    }
  }
  for (const { path, file } of files) {
    if (!real.existsSync(file)) continue
    const place = isFull ? null : putAside(path, keptFolder, to => real.renameSync(file, to))
    places.set(path, place ?? folder)
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

function describeDamage(damaged: number, folder: string, keptFolder: string): NotUndone {
  const lines = damaged === 1 ? 'a line' : `${damaged} lines`
  const why = `${lines} of this journal can't be read, and nobody knows what is not undone for it`
  try {
    const copy = join(makeKeptFolder(keptFolder), LOG_NAME)
    real.copyFileSync(join(folder, LOG_NAME), copy)
    return { path: join(folder, LOG_NAME), why, kept: copy }
  } catch {
    return { path: join(folder, LOG_NAME), why, kept: null }
  }
}

/** The journal is done with; or, where it has what can be kept nowhere else, goes on with that. */
function end(folder: string, unkept: ReadonlyMap<string, Entry>, { failed }: UndoResult): void {
  try {
    if (unkept.size > 0) replaceLog(folder, toLines(unkept))
    else removeJournal(folder)
  } catch (error) {
    // As it was, it says more than it needs to; and it was used just now.
    if (unkept.size > 0) touchLog(folder)
    else failed.push({ path: folder, why: `the journal can't be removed: ${messageOf(error)}`, kept: null })
  }
}

function touchLog(folder: string): void {
  try {
    const now = dateNow() / 1000
    real.utimesSync(join(folder, LOG_NAME), now, now)
  } catch {
    // Then what was begun here is taken for the change of somebody else.
  }
}

/** Without its log the rest is no journal any more. */
function removeJournal(folder: string): void {
  const names = real.readdirSync(folder)
  if (names.includes(LOG_NAME)) real.unlinkSync(join(folder, LOG_NAME))
  for (const name of names) if (name !== LOG_NAME) real.unlinkSync(join(folder, name))
  real.rmdirSync(folder)
}

/** Whoever undoes a test right after its end can rely on what it says it has left. All is asked before anything is put back. */
function unlessChanged(): NonNullable<UndoOptions['findObstacle']> {
  const look = placeLooker()
  return (path, after) => {
    if (after === undefined) return null
    const isChanged = after === null || isOther(after, fingerprint(look(path)))
    return isChanged ? 'another process has changed it since' : null
  }
}
