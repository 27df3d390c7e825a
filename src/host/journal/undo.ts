import type { Stats } from 'node:fs'
import { basename, dirname, join, sep } from 'node:path'
import { real } from '../memory-disk/real-disk.ts'
import {
  type Before,
  fingerprint,
  isAtItsPlace,
  isOther,
  lookAt,
  lookAtPlace,
  placeLooker,
} from './before.ts'
import { type Image, LOG_NAME, readLog } from './log.ts'

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

interface Entry {
  before: Before
  image: Image | null
  after: string | null | undefined
}

/**
 * Undoes what is in a unit's folder. Not call by call: of every path that was touched it is known what stood there, so what is
 * too much goes first, from the leaves up, and what is missing is made, from the root down. It can be done again after one that
 * was ended in the middle of it.
 */
export function undoFolder(folder: string, options: UndoOptions): UndoResult {
  const result: UndoResult = { undone: 0, failed: [] }
  if (!real.existsSync(folder)) return result
  const { keptFolder, findObstacle = unlessChanged() } = options
  const entries = readEntries(folder)
  const problems = new Map<string, string>()
  const each = (paths: readonly string[], step: (path: string, entry: Entry) => void): void => {
    for (const path of paths) {
      const entry = entries.get(path)
      if (entry === undefined || problems.has(path)) continue
      try {
        step(path, entry)
      } catch (error) {
        problems.set(path, error instanceof Error ? error.message : String(error))
      }
    }
  }
  const down = [...entries.keys()].sort((a, b) => depthOf(a) - depthOf(b))
  const up = [...down].reverse()
  each(down, (path, { after }) => {
    const obstacle = findObstacle(path, after)
    if (obstacle !== null) problems.set(path, obstacle)
  })
  each(up, removeWrong)
  each(down, (path, entry) => makeMissing(path, entry, folder))
  each(up, putAttributesBack)
  for (const [path, { image }] of entries) {
    const why = problems.get(path)
    if (why === undefined) result.undone++
    else result.failed.push({ path, why, kept: keep(path, image, folder, keptFolder) })
  }
  removeJournal(folder)
  return result
}

function depthOf(path: string): number {
  return path.split(sep).length
}

/** Without its log the rest is no journal any more. */
function removeJournal(folder: string): void {
  const names = real.readdirSync(folder)
  if (names.includes(LOG_NAME)) real.unlinkSync(join(folder, LOG_NAME))
  for (const name of names) if (name !== LOG_NAME) real.unlinkSync(join(folder, name))
  real.rmdirSync(folder)
}

/** What could not be put back is not thrown away. */
function keep(path: string, image: Image | null, folder: string, keptFolder: string): string | null {
  if (image === null) return null
  real.mkdirSync(keptFolder, { recursive: true })
  const place = join(real.mkdtempSync(join(keptFolder, 'file-')), basename(path))
  if ('text' in image) real.writeFileSync(place, image.text, 'base64')
  else real.renameSync(join(folder, image.name), place)
  return place
}

function readEntries(folder: string): Map<string, Entry> {
  const entries = new Map<string, Entry>()
  for (const line of readLog(folder)) {
    const known = entries.get(line.path)
    const image = 'image' in line ? (line.image ?? null) : null
    if ('before' in line) entries.set(line.path, { before: line.before, image, after: undefined })
    else if (known === undefined) continue
    else if ('after' in line) known.after = line.after
    else known.image = image
  }
  return entries
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

/** What stands at the path is of another kind than what stood there, or is another file. */
function removeWrong(path: string, { before }: Entry): void {
  const now = lookAtPlace(path)
  if (now === null || before.kind === 'special') return
  if (now.isDirectory()) {
    if (before.kind === 'folder') real.chmodSync(path, now.mode | 0o700)
    else real.rmdirSync(path)
  } else if (now.isSymbolicLink()) {
    if (before.kind !== 'link' || real.readlinkSync(path) !== before.target) real.unlinkSync(path)
  } else if (before.kind !== 'file' || (now.ino !== before.ino && now.isFile())) real.unlinkSync(path)
}

function makeMissing(path: string, { before, image }: Entry, folder: string): void {
  if (before.kind === 'absent' || before.kind === 'special') return
  if (!isAtItsPlace(path)) throw new Error('a folder on the way to it is gone')
  const now = lookAt(path)
  if (before.kind === 'link') {
    if (now === null) real.symlinkSync(before.target, path)
  } else if (before.kind === 'folder') {
    if (now === null) real.mkdirSync(path)
  } else if (image !== null) putContentBack(path, image, now, folder)
  else if (now === null) throw new Error('it is gone')
}

/** A file that is still there keeps its identity: others may have it open. One that is made anew is never there by half. */
function putContentBack(path: string, image: Image, now: Stats | null, folder: string): void {
  if (now !== null) {
    if ((now.mode & 0o200) === 0) real.chmodSync(path, now.mode | 0o200)
    if ('text' in image) overwrite(path, Buffer.from(image.text, 'base64'), now.size)
    else writeImage(image, path, folder)
    return
  }
  const fresh = join(dirname(path), `.forkpoint-${process.pid}-undo`)
  writeImage(image, fresh, folder)
  real.renameSync(fresh, path)
}

/** Without emptying it first: file systems write a file to the disk at once that is emptied and written anew. */
function overwrite(path: string, bytes: Buffer, size: number): void {
  const fd = real.openSync(path, 'r+')
  try {
    for (let at = 0; at < bytes.length; ) at += real.writeSync(fd, bytes, at, bytes.length - at, at)
    if (size > bytes.length) real.ftruncateSync(fd, bytes.length)
  } finally {
    real.closeSync(fd)
  }
}

function writeImage(image: Image, path: string, folder: string): void {
  if ('text' in image) real.writeFileSync(path, image.text, 'base64')
  else real.copyFileSync(join(folder, image.name), path)
}

function putAttributesBack(path: string, { before }: Entry): void {
  if (before.kind !== 'file' && before.kind !== 'folder') return
  const { mode, uid, gid, atimeMs, mtimeMs } = before
  const now = lookAt(path)
  if (now === null) throw new Error('it is gone')
  if (now.uid !== uid || now.gid !== gid) real.chownSync(path, uid, gid)
  if ((now.mode & 0o7777) !== mode) real.chmodSync(path, mode)
  if (now.mtimeMs !== mtimeMs) real.utimesSync(path, atimeMs / 1000, mtimeMs / 1000)
}
