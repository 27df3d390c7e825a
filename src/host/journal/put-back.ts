import type { Stats } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { real } from '../memory-disk/real-disk.ts'
import { FOLDER } from './before.ts'
import type { DiskView } from './disk-view.ts'
import type { Entry } from './entries.ts'
import type { Image } from './log.ts'

/** Puts back, step by step, what stood at the paths of one journal. Each step is made for all paths before the next one. */
export class PutBack {
  readonly #folder: string
  readonly #view: DiskView

  /** @param folder the journal's, where images are */
  constructor(folder: string, view: DiskView) {
    this.#folder = folder
    this.#view = view
  }

  /** A folder into which nobody can look: nor could we. */
  openFolder(path: string, { after }: Entry): void {
    if (typeof after === 'string' && after !== FOLDER) return
    const now = this.#view.look(path)
    if (!now?.isDirectory() || (now.mode & 0o700) === 0o700) return
    real.chmodSync(path, now.mode | 0o700)
    this.#view.noteFolder()
  }

  /** What stands at the path is of another kind than what stood there, or is another file. */
  removeWrong(path: string, { before, image }: Entry): void {
    const now = this.#view.look(path)
    if (now === null || before.kind === 'special') return
    if (now.isDirectory()) {
      if (before.kind === 'folder') return
      real.rmdirSync(path)
      this.#view.noteFolder()
    } else if (now.isSymbolicLink()) {
      if (before.kind === 'link' && real.readlinkSync(path) === before.target) return
      real.unlinkSync(path)
      this.#view.noteFolder()
    } else if (before.kind !== 'file' || (now.ino !== before.ino && now.isFile())) {
      // Better another file than none.
      if (before.kind === 'file' && image === null) throw new Error('what was there could not be kept')
      real.unlinkSync(path)
      this.#view.noteFile(path)
    }
  }

  makeMissing(path: string, { before, image }: Entry): void {
    if (before.kind === 'absent' || before.kind === 'special') return
    if (!this.#view.isAtItsPlace(path)) throw new Error('a folder on the way to it is gone')
    const now = this.#view.look(path)
    if (before.kind === 'file') {
      if (image !== null) this.#putContentBack(path, image, now)
      else if (now === null) throw new Error('it is gone')
    } else if (now === null) {
      if (before.kind === 'link') real.symlinkSync(before.target, path)
      else real.mkdirSync(path)
      this.#view.noteFolder()
    }
  }

  putAttributesBack(path: string, { before }: Entry): void {
    if (before.kind !== 'file' && before.kind !== 'folder') return
    const { mode, uid, gid, atimeMs, mtimeMs } = before
    const now = this.#view.look(path)
    if (now === null) throw new Error('it is gone')
    if (now.uid !== uid || now.gid !== gid) real.chownSync(path, uid, gid)
    if ((now.mode & 0o7777) !== mode) real.chmodSync(path, mode)
    if (now.mtimeMs !== mtimeMs) real.utimesSync(path, atimeMs / 1000, mtimeMs / 1000)
  }

  /** A file that is still there keeps its identity: others may have it open. One that is made anew is never there by half. */
  #putContentBack(path: string, image: Image, now: Stats | null): void {
    if (now !== null) {
      this.#view.noteChanged(path)
      if ((now.mode & 0o200) === 0) real.chmodSync(path, now.mode | 0o200)
      if ('text' in image) overwrite(path, Buffer.from(image.text, 'base64'), now.size)
      else this.#writeImage(image, path)
      return
    }
    // Whoever undoes the same journal again, after an undo that was ended in the middle, goes over the same name.
    const fresh = join(dirname(path), `.forkpoint-${basename(this.#folder)}-undo`)
    try {
      this.#view.noteFile(path)
      this.#writeImage(image, fresh)
      real.renameSync(fresh, path)
    } catch (error) {
      real.rmSync(fresh, { force: true })
      throw error
    }
  }

  #writeImage(image: Image, path: string): void {
    if ('text' in image) real.writeFileSync(path, image.text, 'base64')
    else real.copyFileSync(join(this.#folder, image.name), path)
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
