import { copyUp } from './copy-up.ts'
import { attributesOf, type Inode } from './inode.ts'
import type { MemoryDisk } from './memory-disk.ts'
import { onRealDisk, real } from './real-disk.ts'
import { fileKey, walk } from './walk.ts'

/** The copy in memory of a file that the system has opened, if there is one. */
export function copyOfDescriptor(disk: MemoryDisk, fd: number): Inode | undefined {
  return disk.root.copied.get(fileKey(onRealDisk(() => real.fstatSync(fd, { bigint: true }))))
}

/** Brings a file into memory that the system has opened for reading. It may have lost its name since. */
export function copyUpDescriptor(disk: MemoryDisk, fd: number, path: string): Inode {
  const stats = onRealDisk(() => real.fstatSync(fd, { bigint: true }))
  const key = fileKey(stats)
  const copy = disk.root.copied.get(key)
  if (copy !== undefined) return copy
  const found = findAgain(disk, path)
  if (found?.stats && fileKey(found.stats) === key) return copyUp(disk, found)
  const bytes = Buffer.alloc(0)
  const nameless: Inode = {
    ...attributesOf(stats),
    nlink: 0,
    kind: 'file',
    bytes,
    size: Number(stats.size),
    isShared: false,
  }
  disk.root.copied.set(key, nameless)
  return nameless
}

function findAgain(disk: MemoryDisk, path: string): ReturnType<typeof walk>['found'] {
  try {
    return walk(disk.root, path, true).found
  } catch {
    return null
  }
}
