import type { Stats } from 'node:fs'
import { dirname } from 'node:path'
import { real } from '../memory-disk/real-disk.ts'

export interface Attributes {
  mode: number
  uid: number
  gid: number
  atimeMs: number
  mtimeMs: number
}

/** What stood at a path before a test touched it. */
export type Before =
  | { kind: 'absent' }
  | ({ kind: 'file'; ino: number } & Attributes)
  | ({ kind: 'folder' } & Attributes)
  | { kind: 'link'; target: string }
  /** A pipe, a socket, a device: none of it can be made again. */
  | { kind: 'special' }

/** Null where nothing stands, also where a folder on the way is a file by now. */
export function lookAt(path: string): Stats | null {
  try {
    return real.lstatSync(path, { throwIfNoEntry: false }) ?? null
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOTDIR') return null
    throw error
  }
}

/** No folder on the way to it has become a link: to look there would be to look elsewhere. */
export function isAtItsPlace(path: string): boolean {
  const folder = dirname(path)
  try {
    return real.realpathSync.native(folder) === folder
  } catch {
    return false
  }
}

export function lookAtPlace(path: string): Stats | null {
  return isAtItsPlace(path) ? lookAt(path) : null
}

export function readBefore(path: string, stats: Stats | null): Before {
  if (stats === null) return { kind: 'absent' }
  if (stats.isSymbolicLink()) return { kind: 'link', target: real.readlinkSync(path) }
  const { mode, uid, gid, atimeMs, mtimeMs, ino } = stats
  const attributes = { mode: mode & 0o7777, uid, gid, atimeMs, mtimeMs }
  if (stats.isFile()) return { kind: 'file', ino, ...attributes }
  return stats.isDirectory() ? { kind: 'folder', ...attributes } : { kind: 'special' }
}

export const FOLDER = 'folder'

/** Of a file that may change under another of its names. */
export const ANY = 'any'

/** Tells one state of a path from another, without reading it. Of a folder only that it is one: what is in it has paths of its own. */
export function fingerprint(stats: Stats | null): string {
  if (stats === null) return 'absent'
  if (stats.isDirectory()) return FOLDER
  const { ino, size, mtimeMs, nlink } = stats
  if (nlink > 1) return ANY
  return `${ino} ${size} ${mtimeMs}`
}

/** Whether a path that was left in one state is in another one now. */
export function isOther(left: string, now: string): boolean {
  return left !== now && left !== ANY && now !== ANY
}
