import { copyUp } from './copy-up.ts'
import { Errno } from './errno.ts'
import type { Found } from './found.ts'
import { type Inode, touchAttributes } from './inode.ts'
import type { MemoryDisk } from './memory-disk.ts'
import { isRoot, owns } from './permissions.ts'
import { pathOf, walk } from './walk.ts'

/** A file that exists; its copy in memory once it is there. */
export function find(disk: MemoryDisk, path: string, isFollowing: boolean): Found {
  const { found } = walk(disk.root, path, isFollowing)
  if (found === null) throw new Errno('ENOENT')
  return found
}

/** Changes attributes of a file in memory, where it is brought for that. */
export function changeFile(
  disk: MemoryDisk,
  path: string,
  isFollowing: boolean,
  change: (inode: Inode) => void,
): void {
  const found = find(disk, path, isFollowing)
  change(copyUp(disk, found))
  disk.tell('change', pathOf(found))
}

export function setMode(inode: Inode, mode: number): void {
  if (!owns(inode)) throw new Errno('EPERM')
  inode.mode = (inode.mode & ~0o7777) | (mode & 0o7777)
  touchAttributes(inode)
}

/** @param uid -1 leaves it as it is, and so with `gid` */
export function setOwner(inode: Inode, uid: number, gid: number): void {
  const isSameUser = uid === -1 || uid === 0xffff_ffff || uid === inode.uid
  const isSameGroup = gid === -1 || gid === 0xffff_ffff || gid === inode.gid
  if (!isRoot() && !(owns(inode) && isSameUser && (isSameGroup || process.getgroups?.().includes(gid)))) {
    throw new Errno('EPERM')
  }
  if (!isSameUser) inode.uid = uid
  if (!isSameGroup) inode.gid = gid
  touchAttributes(inode)
}

export function setTimes(inode: Inode, atimeNs: bigint, mtimeNs: bigint): void {
  if (!owns(inode)) throw new Errno('EPERM')
  inode.atimeNs = atimeNs
  inode.mtimeNs = mtimeNs
  touchAttributes(inode)
}
