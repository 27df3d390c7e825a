import { copyUp } from './copy-up.ts'
import { addEntry, dropLink, listDirectory, removeEntry, requireWritable } from './directories.ts'
import { Errno } from './errno.ts'
import type { Found } from './found.ts'
import { touchAttributes } from './inode.ts'
import type { MemoryDisk } from './memory-disk.ts'
import { endsInDots, isDirectory, isSame, type Place, walkToName } from './walk.ts'

/** Moves a file, and replaces what stands at the new name. A directory moves with what the disk has below it. */
export function rename(disk: MemoryDisk, from: string, to: string): void {
  const source = walkToName(disk.root, from)
  const target = walkToName(disk.root, to)
  const { found } = source
  if (endsInDots(from) || endsInDots(to)) throw new Errno('EBUSY')
  if (found === null) throw new Errno('ENOENT')
  if (found.parent === null) throw new Errno('EBUSY')
  const isOfDirectory = isDirectory(found)
  if (!isOfDirectory && (source.isMarkedDirectory || target.isMarkedDirectory)) throw new Errno('ENOTDIR')
  if (isWithin(target.parent, found)) throw new Errno('EINVAL')
  const replaced = target.found
  if (replaced !== null) {
    if (isSame(replaced, found)) return
    if (isWithin(source.parent, replaced)) throw new Errno('ENOTEMPTY')
  }
  requireWritable(source.parent)
  requireWritable(target.parent)
  if (replaced !== null) replace(disk, target, replaced, isOfDirectory)
  const inode = copyUp(disk, found)
  removeEntry(disk, source)
  addEntry(disk, target, inode)
  touchAttributes(inode)
}

function replace(disk: MemoryDisk, target: Place, replaced: Found, isByDirectory: boolean): void {
  if (isDirectory(replaced)) {
    if (!isByDirectory) throw new Errno('EISDIR')
    if (listDirectory(replaced).length > 0) throw new Errno('ENOTEMPTY')
    copyUp(disk, replaced).nlink = 0
  } else {
    if (isByDirectory) throw new Errno('ENOTDIR')
    dropLink(disk, replaced)
  }
  removeEntry(disk, target)
}

function isWithin(found: Found, directory: Found): boolean {
  for (let at: Found | null = found; at !== null; at = at.parent) if (isSame(at, directory)) return true
  return false
}
