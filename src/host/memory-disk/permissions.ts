import type { Found } from './found.ts'
import type { Inode } from './inode.ts'
import { onRealDisk, real } from './real-disk.ts'

/**
 * Whether the process may do this with a file: 4 read, 2 write, 1 execute or look up names in; a sum asks for all of them.
 * For files on the disk the system is asked.
 */
export function hasAccess({ inode, disk }: Pick<Found, 'inode' | 'disk'>, wanted: number): boolean {
  if (inode !== null) return grants(inode, wanted)
  if (disk === null || isRoot()) return true
  try {
    onRealDisk(() => real.accessSync(disk, wanted))
    return true
  } catch {
    return false
  }
}

/** Root may everything, but execute what nobody may. */
function grants(inode: Inode, wanted: number): boolean {
  const { mode, uid, gid, kind } = inode
  if (process.geteuid === undefined) return (wanted & 2) === 0 || (mode & 0o222) !== 0
  if (isRoot()) return (wanted & 1) === 0 || kind === 'directory' || (mode & 0o111) !== 0
  const isOfGroup = gid === process.getegid?.() || process.getgroups?.().includes(gid) === true
  const shift = uid === process.geteuid() ? 6 : isOfGroup ? 3 : 0
  return ((mode >> shift) & wanted) === wanted
}

/** Whether it may change permissions and times. */
export function owns(inode: Inode): boolean {
  return isRoot() || process.geteuid === undefined || inode.uid === process.geteuid()
}

export function isRoot(): boolean {
  return process.geteuid?.() === 0
}
