import type { BigIntStats } from 'node:fs'
import { isAbsolute, resolve } from 'node:path'
import type { DiskState } from './disk-state.ts'
import { Errno } from './errno.ts'
import type { Found } from './found.ts'
import { hasAccess } from './permissions.ts'
import { onRealDisk, real } from './real-disk.ts'

export interface Place {
  /** The directory that the last name of the path is looked up in. */
  parent: Found
  name: string
  /** What stands there; null for nothing. */
  found: Found | null
  /** The path leads to the same place of the disk: what the disk says about it holds. */
  isOnDisk: boolean
  /** The path ends with a separator. */
  isMarkedDirectory: boolean
}

export const isWindows: boolean = process.platform === 'win32'
export const SEPARATOR: '/' | '\\' = isWindows ? '\\' : '/'
const SEPARATORS = isWindows ? /[\\/]+/ : /\/+/
const TRAILING = isWindows ? /[\\/]+$/ : /\/+$/
const MOST_LINKS = 40

export function joinPath(directory: string, name: string): string {
  if (directory === '') return isWindows ? `${name}\\` : `/${name}`
  return directory.endsWith(SEPARATOR) ? directory + name : directory + SEPARATOR + name
}

/** The path without links and dots. */
export function pathOf(found: Found): string {
  return found.parent === null ? (isWindows ? '' : '/') : joinPath(pathOf(found.parent), found.name)
}

/**
 * Follows a path through both layers, as the system would: the memory's entries first, then the disk's.
 *
 * @param isFollowing whether a symbolic link at the end is followed
 * @throws Errno for what is in the way before the last name
 */
export function walk(state: DiskState, path: string, isFollowing: boolean): Place {
  if (path === '') throw new Errno('ENOENT')
  const absolute = isWindows ? resolve(path) : isAbsolute(path) ? path : `${process.cwd()}/${path}`
  const root: Found = { parent: null, name: '', inode: state.root, disk: state.root.disk, stats: null }
  const isMarkedDirectory = SEPARATORS.test(path.slice(-1))
  const pending = partsOf(absolute).reverse()
  let current = root
  let links = 0
  let isThroughMemory = false
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    requireDirectory(current)
    if (name === '.') continue
    if (name === '..') {
      current = current.parent ?? current
      continue
    }
    const child = lookUp(state, current, name)
    const isLast = pending.length === 0
    if (child === null) {
      if (!isLast) throw new Errno('ENOENT')
      const disk = diskOf(current)
      const isHidden = current.inode?.kind === 'directory' && current.inode.entries.has(name)
      const isOnDisk = !isThroughMemory && !isHidden && disk !== null && disk === pathOf(current)
      return { parent: current, name, found: null, isOnDisk, isMarkedDirectory }
    }
    const target = isLast && !isFollowing && !isMarkedDirectory ? null : targetOf(child)
    if (target === null) {
      current = child
      continue
    }
    if (++links > MOST_LINKS) throw new Errno('ELOOP')
    isThroughMemory ||= child.inode !== null
    if (isAbsolute(target)) current = root
    // A link that ends with a separator leads to a directory, or nowhere.
    if (TRAILING.test(target)) pending.push('.')
    pending.push(...partsOf(target).reverse())
  }
  if (isMarkedDirectory && !isDirectory(current)) throw new Errno('ENOTDIR')
  const isOnDisk = !isThroughMemory && current.inode === null && current.disk === pathOf(current)
  return {
    parent: current.parent ?? current,
    name: current.name,
    found: current,
    isOnDisk,
    isMarkedDirectory,
  }
}

/**
 * Follows a path to where something is to be made.
 *
 * @throws Errno `EEXIST` when there is something, be it a link to nothing
 */
export function walkToNew(state: DiskState, path: string): Place {
  const place = walkToName(state, path)
  if (place.found !== null) throw new Errno('EEXIST')
  return place
}

/** Follows a path to what has the name itself, a link or not, and whether or not it is marked as a directory. */
export function walkToName(state: DiskState, path: string): Place {
  const place = walk(state, path.length > 1 ? path.replace(TRAILING, '') : path, false)
  return { ...place, isMarkedDirectory: TRAILING.test(path) }
}

/**
 * Follows a path to a file that may have to be made.
 *
 * @throws Errno `EISDIR` when the path can only be a directory's
 */
export function walkToFile(state: DiskState, path: string, isFollowing: boolean): Place {
  if (!TRAILING.test(path) || endsInDots(path)) return walk(state, path, isFollowing)
  walk(state, path.replace(TRAILING, ''), false)
  throw new Errno('EISDIR')
}

/** The last name is no name of its own: `.` or `..`. */
export function endsInDots(path: string): boolean {
  return /(^|[\\/])\.\.?[\\/]*$/.test(path)
}

/** What a directory has under a name; null for nothing. */
export function lookUp(state: DiskState, directory: Found, name: string): Found | null {
  const { inode } = directory
  if (inode?.kind === 'directory') {
    const entry = inode.entries.get(name)
    if (entry === null) return null
    if (entry !== undefined) return { parent: directory, name, inode: entry, disk: null, stats: null }
  }
  const base = diskOf(directory)
  if (base === null) return null
  const disk = joinPath(base, name)
  const stats = statDisk(disk)
  if (stats === undefined) return null
  const copy = stats.nlink > 1n && !stats.isDirectory() ? state.copied.get(fileKey(stats)) : undefined
  if (copy !== undefined) return { parent: directory, name, inode: copy, disk: null, stats: null }
  return { parent: directory, name, inode: null, disk, stats }
}

/** The directory of the disk that answers for names that are not in memory. */
export function diskOf(directory: Found): string | null {
  return directory.inode?.kind === 'directory' ? directory.inode.disk : directory.disk
}

export function fileKey({ dev, ino }: { dev: bigint; ino: bigint }): string {
  return `${dev}:${ino}`
}

export function isDirectory({ inode, stats }: Found): boolean {
  return inode === null ? stats?.isDirectory() === true : inode.kind === 'directory'
}

/** Two names of one file. */
export function isSame(a: Found, b: Found): boolean {
  if (a.inode !== null || b.inode !== null) return a.inode === b.inode
  return a.stats !== null && a.stats.dev === b.stats?.dev && a.stats.ino === b.stats.ino
}

export function modeOf({ inode, stats }: Found): number {
  return inode?.mode ?? Number(stats?.mode ?? 0o777)
}

/** Where a symbolic link leads; null for anything else. */
export function targetOf({ inode, disk, stats }: Found): string | null {
  if (inode !== null) return inode.kind === 'symlink' ? inode.target : null
  if (disk === null || !stats?.isSymbolicLink()) return null
  return onRealDisk(() => real.readlinkSync(disk))
}

/** @throws Errno with the system's code: no permission, a name too long */
function statDisk(path: string): BigIntStats | undefined {
  try {
    return onRealDisk(() => real.lstatSync(path, { bigint: true, throwIfNoEntry: false }))
  } catch (error) {
    throw new Errno((error as NodeJS.ErrnoException).code ?? 'EIO')
  }
}

function requireDirectory(found: Found): void {
  if (!isDirectory(found)) throw new Errno('ENOTDIR')
  if (!hasAccess(found, 1)) throw new Errno('EACCES')
}

function partsOf(path: string): string[] {
  return path.split(SEPARATORS).filter(part => part !== '')
}
