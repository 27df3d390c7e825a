import { constants } from 'node:fs'
import { copyUp, resizeFile, writeBytes } from './copy-up.ts'
import { addEntry, newInodeIn, requireWritable } from './directories.ts'
import type { OpenFile } from './disk-state.ts'
import { Errno } from './errno.ts'
import { type FileInode, type Inode, KIND_BITS, touch } from './inode.ts'
import type { MemoryDisk } from './memory-disk.ts'
import { hasAccess } from './permissions.ts'
import { isDirectory, walk, walkToFile } from './walk.ts'

const {
  O_ACCMODE = 3,
  O_RDONLY,
  O_WRONLY,
  O_CREAT,
  O_EXCL,
  O_TRUNC,
  O_APPEND,
} = constants as typeof constants & {
  O_ACCMODE?: number
}
// Not on Windows.
const { O_DIRECTORY = 0, O_NOFOLLOW = 0 } = constants

/** The system opens it: a file of the disk that is only read, or a device. */
export interface OpenedByDisk {
  disk: string
  flags: number
  path: string
}

/**
 * Opens a file, bringing it into memory if it may be written to.
 *
 * @param mode of a file that comes to be, before the umask is taken off
 */
export function openFile(
  disk: MemoryDisk,
  path: string,
  flags: number,
  mode: number,
): OpenFile | OpenedByDisk {
  const isCreating = (flags & O_CREAT) !== 0
  const isExclusive = isCreating && (flags & O_EXCL) !== 0
  const isFollowing = !isExclusive && (flags & O_NOFOLLOW) === 0
  const place = isCreating ? walkToFile(disk.root, path, isFollowing) : walk(disk.root, path, isFollowing)
  const { found, parent } = place
  if (found === null) {
    if (!isCreating) throw new Errno('ENOENT')
    requireWritable(parent)
    const attributes = newInodeIn(disk, parent, KIND_BITS.file | (mode & ~process.umask() & 0o7777))
    const inode: FileInode = { ...attributes, kind: 'file', bytes: Buffer.alloc(0), size: 0, isShared: false }
    return register(disk, addEntry(disk, place, inode), flags, path)
  }
  if (isExclusive) throw new Errno('EEXIST')
  const isWriting = (flags & O_ACCMODE) !== O_RDONLY
  if (isDirectory(found)) {
    if (isCreating || isWriting) throw new Errno('EISDIR')
  } else if (flags & O_DIRECTORY) {
    throw new Errno('ENOTDIR')
  }
  const { inode, stats } = found
  if (inode?.kind === 'symlink' || stats?.isSymbolicLink()) throw new Errno('ELOOP')
  const isSpecial = stats !== null && !stats.isFile() && !stats.isDirectory()
  const isEmptying = (flags & O_TRUNC) !== 0
  if (inode === null && found.disk !== null && (isSpecial || (!isWriting && !isEmptying))) {
    return { disk: found.disk, flags: flags & ~O_CREAT, path }
  }
  const wanted = !isWriting ? 4 : (flags & O_ACCMODE) === O_WRONLY ? 2 : 6
  if (!hasAccess(found, wanted)) throw new Errno('EACCES')
  const file = copyUp(disk, found, !isEmptying)
  if (isEmptying && file.kind === 'file') {
    resizeFile(file, 0)
    touch(file)
    disk.tell('change', path)
  }
  return register(disk, file, flags, path)
}

function register(disk: MemoryDisk, inode: Inode, flags: number, path: string): OpenFile {
  const fd = disk.root.nextFd++
  const file: OpenFile = { fd, inode, flags, position: 0, path }
  disk.root.descriptors.set(fd, file)
  return file
}

/** @throws Errno `EBADF` when it is not open */
export function openFileOf(disk: MemoryDisk, fd: number): OpenFile {
  const file = disk.root.descriptors.get(fd)
  if (file === undefined) throw new Errno('EBADF')
  return file
}

export function closeFile(disk: MemoryDisk, fd: number): void {
  openFileOf(disk, fd)
  disk.root.descriptors.delete(fd)
}

/** @param position null: where the last read or write has ended */
export function readFrom(file: OpenFile, into: Uint8Array, position: number | null): number {
  if ((file.flags & O_ACCMODE) === O_WRONLY) throw new Errno('EBADF')
  const { inode } = file
  if (inode.kind !== 'file') throw new Errno('EISDIR')
  const from = position ?? file.position
  const count = Math.max(0, Math.min(into.length, inode.size - from))
  into.set(inode.bytes.subarray(from, from + count))
  if (position === null) file.position += count
  return count
}

/** @param position null: where the last read or write has ended. A file that is open for appending grows at its end. */
export function writeTo(disk: MemoryDisk, file: OpenFile, data: Uint8Array, position: number | null): number {
  if ((file.flags & O_ACCMODE) === O_RDONLY) throw new Errno('EBADF')
  const { inode } = file
  if (inode.kind !== 'file') throw new Errno('EISDIR')
  const isAppending = (file.flags & O_APPEND) !== 0
  const at = isAppending ? inode.size : (position ?? file.position)
  if (data.length > 0) {
    writeBytes(inode, at, data)
    touch(inode)
    disk.tell('change', file.path)
  }
  if (position === null) file.position = at + data.length
  return data.length
}

export function truncateOpen(disk: MemoryDisk, file: OpenFile, size: number): void {
  const { inode, flags } = file
  if ((flags & O_ACCMODE) === O_RDONLY || inode.kind !== 'file') throw new Errno('EINVAL')
  resizeFile(inode, size)
  touch(inode)
  disk.tell('change', file.path)
}
