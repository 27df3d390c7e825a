import type { BigIntStats, Stats } from 'node:fs'
import * as fs from 'node:fs'
import { type Inode, sizeOf } from './inode.ts'
import { onRealDisk, real } from './real-disk.ts'

const BLOCK = 4096
/** Fake timers replace the global. */
const RealDate = Date

/** `stat` of a file in memory: an instance of Node's own class, with the fields in its order. */
export function statsOf(inode: Inode, isBigInt: boolean): Stats | BigIntStats {
  const size = sizeOf(inode)
  const numbers: Record<string, bigint> = {
    dev: inode.dev,
    mode: BigInt(inode.mode),
    nlink: BigInt(inode.nlink),
    uid: BigInt(inode.uid),
    gid: BigInt(inode.gid),
    rdev: 0n,
    blksize: BigInt(BLOCK),
    ino: inode.ino,
    size: BigInt(size),
    blocks: BigInt(Math.ceil(size / BLOCK) * (BLOCK / 512)),
  }
  const times: Record<string, bigint> = {
    atime: inode.atimeNs,
    mtime: inode.mtimeNs,
    ctime: inode.ctimeNs,
    birthtime: inode.birthtimeNs,
  }
  const template = onRealDisk(() => real.statSync('/', { bigint: isBigInt }))
  const stats = Object.create(Object.getPrototypeOf(template))
  for (const key of Reflect.ownKeys(template)) {
    stats[key] = fieldOf(key, numbers, times, isBigInt) ?? Reflect.get(template, key)
  }
  return stats
}

/** Which fields there are depends on Node's version: dates may be made when asked for, and have parts under symbols. */
function fieldOf(
  key: PropertyKey,
  numbers: Record<string, bigint>,
  times: Record<string, bigint>,
  isBigInt: boolean,
): unknown {
  if (typeof key === 'symbol') {
    const part = /partial(.*)Ns$/i.exec(key.description ?? '')?.[1]?.toLowerCase()
    const time = part === undefined ? undefined : times[part]
    return time === undefined ? undefined : Number(time % 1_000_000_000n)
  }
  const name = String(key)
  const number = numbers[name]
  if (number !== undefined) return isBigInt ? number : Number(number)
  const time = times[name.replace(/(Ms|Ns)$/, '')]
  if (time === undefined) return undefined
  if (name.endsWith('Ns')) return time
  if (name.endsWith('Ms')) return isBigInt ? time / 1_000_000n : toMs(time)
  return new RealDate(Math.round(toMs(time)))
}

/** As Node adds seconds and nanoseconds up. */
function toMs(time: bigint): number {
  return Number(time / 1_000_000_000n) * 1000 + Number(time % 1_000_000_000n) / 1_000_000
}

/** What `fs.watchFile` gives for a file that is not there. */
export function noStats(isBigInt: boolean): Stats | BigIntStats {
  const template = onRealDisk(() => real.statSync('/', { bigint: isBigInt }))
  const stats = Object.create(Object.getPrototypeOf(template))
  for (const key of Reflect.ownKeys(template)) {
    const value: unknown = Reflect.get(template, key)
    stats[key] = typeof value === 'bigint' ? 0n : typeof value === 'number' ? 0 : new RealDate(0)
  }
  return stats
}

const makeDirent = fs.Dirent as unknown as new (
  name: string | Buffer,
  type: number,
  path: string | Buffer,
) => fs.Dirent

/** An entry of `readdir` with file types. */
export function direntOf(name: string | Buffer, type: number, path: string | Buffer): fs.Dirent {
  return new makeDirent(name, type, path)
}
