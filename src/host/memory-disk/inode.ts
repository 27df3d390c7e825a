import type { BigIntStats } from 'node:fs'
import { constants } from 'node:fs'
import { dateNow } from '../../intrinsics.ts'

/** What a file of any kind has besides its content. Times are nanoseconds since the epoch. */
interface Attributes {
  dev: bigint
  ino: bigint
  /** Kind and permissions, as in `stat.mode`. */
  mode: number
  nlink: number
  uid: number
  gid: number
  atimeNs: bigint
  mtimeNs: bigint
  ctimeNs: bigint
  birthtimeNs: bigint
}

export interface FileInode extends Attributes {
  kind: 'file'
  /** May be longer than the file: the rest is room to grow, and zero. */
  bytes: Buffer
  size: number
  /** Somebody else has the bytes too: whoever writes makes a copy first. */
  isShared: boolean
}

export interface SymlinkInode extends Attributes {
  kind: 'symlink'
  target: string
}

export interface DirectoryInode extends Attributes {
  kind: 'directory'
  /** What stands in memory: a file, or null for one that is gone although the disk has it. */
  entries: Map<string, Inode | null>
  /** The directory on the disk that answers for all other names; null when there is none. */
  disk: string | null
}

export type Inode = FileInode | SymlinkInode | DirectoryInode

/** Real file systems are no finer than a few milliseconds, and fake timers must not reach them. */
export const nowNs = (): bigint => BigInt(dateNow()) * 1_000_000n

/** @param mode kind and permissions */
export function newAttributes(mode: number, dev: bigint, ino: bigint): Attributes {
  const time = nowNs()
  return {
    dev,
    ino,
    mode,
    nlink: 1,
    uid: process.geteuid?.() ?? 0,
    gid: process.getegid?.() ?? 0,
    atimeNs: time,
    mtimeNs: time,
    ctimeNs: time,
    birthtimeNs: time,
  }
}

/** Those of a file on the disk. */
export function attributesOf(stats: BigIntStats): Attributes {
  return {
    dev: stats.dev,
    ino: stats.ino,
    mode: Number(stats.mode),
    nlink: Number(stats.nlink),
    uid: Number(stats.uid),
    gid: Number(stats.gid),
    atimeNs: stats.atimeNs,
    mtimeNs: stats.mtimeNs,
    ctimeNs: stats.ctimeNs,
    birthtimeNs: stats.birthtimeNs,
  }
}

/** The content has changed. */
export function touch(inode: Inode): void {
  inode.mtimeNs = inode.ctimeNs = nowNs()
}

/** The attributes have changed, or a name of it. */
export function touchAttributes(inode: Inode): void {
  inode.ctimeNs = nowNs()
}

export function sizeOf(inode: Inode): number {
  if (inode.kind === 'file') return inode.size
  return inode.kind === 'symlink' ? Buffer.byteLength(inode.target) : 4096
}

export const KIND_BITS: Readonly<Record<Inode['kind'], number>> = {
  file: constants.S_IFREG,
  directory: constants.S_IFDIR,
  symlink: constants.S_IFLNK,
}
