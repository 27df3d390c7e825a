import { type DirectoryInode, type Inode, newAttributes } from './inode.ts'

/** An open file of the memory layer. */
export interface OpenFile {
  fd: number
  inode: Inode
  /** As given to `open`. */
  flags: number
  position: number
  /** As given to `open`. */
  path: string
}

/** All of a memory disk: plain objects, so that whoever can walk an object graph can record it and put it back. */
export interface DiskState {
  /** Above all volumes: its one entry by name is `/`'s content, or the drives. */
  root: DirectoryInode
  /** Files of the disk that are in memory, by device and number: other names and open descriptors lead to them too. */
  copied: Map<string, Inode>
  descriptors: Map<number, OpenFile>
  /** Real descriptors that user code has, and what they were opened as: changing a file through one changes the copy. */
  realDescriptors: Map<number, string>
  nextFd: number
  nextIno: bigint
}

/** Above every number that the system hands out, and below the largest that Node accepts. */
export const FIRST_FD = 0x4000_0000
/** Above the numbers of file systems with less than a trillion files. */
const FIRST_INO = 1n << 40n

/** Nothing in memory: everything is as it is on the disk. */
export function emptyState(): DiskState {
  const disk = process.platform === 'win32' ? '' : '/'
  return {
    root: { ...newAttributes(0o40755, 0n, 0n), kind: 'directory', entries: new Map(), disk },
    copied: new Map(),
    descriptors: new Map(),
    realDescriptors: new Map(),
    nextFd: FIRST_FD,
    nextIno: FIRST_INO,
  }
}
