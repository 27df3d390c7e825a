import { Errno } from './errno.ts'
import type { Found } from './found.ts'
import { attributesOf, type DirectoryInode, type FileInode, type Inode } from './inode.ts'
import type { MemoryDisk } from './memory-disk.ts'
import { onRealDisk, real } from './real-disk.ts'
import { fileKey } from './walk.ts'

/**
 * Brings a file of the disk into memory with all its attributes, and the directories above it, which keep answering from
 * the disk for what they don't hold. What is in memory already stays as it is.
 *
 * @param withBytes false when the content is about to be dropped
 * @throws Errno `EPERM` for what is no file, directory or symbolic link: a device can't be kept in memory
 */
export function copyUp(disk: MemoryDisk, found: Found, withBytes = true): Inode {
  if (found.inode !== null) return found.inode
  const entries = found.parent && copyUpDirectory(disk, found.parent).entries
  // Somebody may have come before, by another way.
  const inode = entries?.get(found.name) ?? copyByNumber(disk, found) ?? readInode(found, withBytes)
  entries?.set(found.name, inode)
  disk.root.copied.set(fileKey(inode), inode)
  found.inode = inode
  return inode
}

/** The copy of a file with several names. */
function copyByNumber(disk: MemoryDisk, { stats }: Found): Inode | undefined {
  return stats === null || stats.isDirectory() ? undefined : disk.root.copied.get(fileKey(stats))
}

export function copyUpDirectory(disk: MemoryDisk, found: Found): DirectoryInode {
  const inode = copyUp(disk, found)
  if (inode.kind !== 'directory') throw new Errno('ENOTDIR')
  return inode
}

/**
 * The file as it is; a copy of one that the disk has.
 *
 * @throws Errno when its content can't be read
 */
export function readInode({ inode, disk, stats }: Found, withBytes: boolean): Inode {
  if (inode !== null) return inode
  if (disk === null || stats === null) throw new Errno('ENOENT')
  const attributes = attributesOf(stats)
  try {
    if (stats.isDirectory()) return { ...attributes, kind: 'directory', entries: new Map(), disk }
    if (stats.isSymbolicLink()) {
      return { ...attributes, kind: 'symlink', target: onRealDisk(() => real.readlinkSync(disk)) }
    }
    if (!stats.isFile()) throw new Errno('EPERM')
    const bytes = withBytes ? onRealDisk(() => real.readFileSync(disk)) : Buffer.alloc(0)
    return { ...attributes, kind: 'file', bytes, size: bytes.length, isShared: false }
  } catch (error) {
    if (error instanceof Errno) throw error
    throw new Errno((error as NodeJS.ErrnoException).code ?? 'EIO')
  }
}

/** Puts bytes into a file, which grows as needed; a gap reads as zeros. */
export function writeBytes(file: FileInode, position: number, data: Uint8Array): void {
  const end = position + data.length
  ownBytes(file)
  if (end > file.bytes.length) {
    const grown = Buffer.alloc(Math.max(end, file.size > 0 ? file.bytes.length * 2 : 0))
    file.bytes.copy(grown, 0, 0, file.size)
    file.bytes = grown
  }
  file.bytes.set(data, position)
  file.size = Math.max(file.size, end)
}

function ownBytes(file: FileInode): void {
  if (file.isShared) file.bytes = Buffer.from(file.bytes)
  file.isShared = false
}

export function resizeFile(file: FileInode, size: number): void {
  ownBytes(file)
  if (size > file.bytes.length) {
    const grown = Buffer.alloc(size)
    file.bytes.copy(grown, 0, 0, file.size)
    file.bytes = grown
  } else {
    file.bytes.fill(0, Math.min(size, file.size), file.size)
  }
  file.size = size
}
