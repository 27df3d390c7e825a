import type { Stats } from 'node:fs'
import { dirname, join } from 'node:path'
import { real } from '../memory-disk/real-disk.ts'
import { FOLDER, isAtItsPlace, lookAt, lookAtPlace } from './before.ts'
import type { Entry } from './entries.ts'
import type { Image } from './log.ts'

/** A folder into which nobody can look: nor could we. */
export function openFolder(path: string, { after }: Entry): void {
  if (typeof after === 'string' && after !== FOLDER) return
  const now = lookAtPlace(path)
  if (now?.isDirectory() && (now.mode & 0o700) !== 0o700) real.chmodSync(path, now.mode | 0o700)
}

/** What stands at the path is of another kind than what stood there, or is another file. */
export function removeWrong(path: string, { before, image }: Entry): void {
  const now = lookAtPlace(path)
  if (now === null || before.kind === 'special') return
  if (now.isDirectory()) {
    if (before.kind !== 'folder') real.rmdirSync(path)
  } else if (now.isSymbolicLink()) {
    if (before.kind !== 'link' || real.readlinkSync(path) !== before.target) real.unlinkSync(path)
  } else if (before.kind !== 'file' || (now.ino !== before.ino && now.isFile())) {
    // Better another file than none.
    if (before.kind === 'file' && image === null) throw new Error('what was there could not be kept')
    real.unlinkSync(path)
  }
}

export function makeMissing(path: string, { before, image }: Entry, folder: string): void {
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
  try {
    writeImage(image, fresh, folder)
    real.renameSync(fresh, path)
  } catch (error) {
    real.rmSync(fresh, { force: true })
    throw error
  }
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

export function putAttributesBack(path: string, { before }: Entry): void {
  if (before.kind !== 'file' && before.kind !== 'folder') return
  const { mode, uid, gid, atimeMs, mtimeMs } = before
  const now = lookAt(path)
  if (now === null) throw new Error('it is gone')
  if (now.uid !== uid || now.gid !== gid) real.chownSync(path, uid, gid)
  if ((now.mode & 0o7777) !== mode) real.chmodSync(path, mode)
  if (now.mtimeMs !== mtimeMs) real.utimesSync(path, atimeMs / 1000, mtimeMs / 1000)
}
