import { constants } from 'node:fs'
import { join, parse, resolve, sep } from 'node:path'
import { changeFile, setMode, setOwner, setTimes } from './attributes.ts'
import { copyOfDescriptor, copyUpDescriptor } from './copy-up-descriptor.ts'
import { Errno } from './errno.ts'
import type { Found } from './found.ts'
import type { Inode } from './inode.ts'
import type { MemoryDisk } from './memory-disk.ts'
import { Pass, passToDisk } from './pass.ts'
import { hasAccess } from './permissions.ts'
import {
  checkArguments,
  encodePath,
  isSystemPath,
  readMode,
  readOptions,
  readPath,
  readTime,
} from './read-arguments.ts'
import { statsOf } from './stats.ts'
import { inWordsOf, type VirtualCall } from './virtual-call.ts'
import { diskOf, type Place, pathOf, targetOf, walk } from './walk.ts'

function statCall(syscall: 'stat' | 'lstat'): VirtualCall {
  return (disk, args) => {
    const path = readPath(args[0])
    if (path === null || disk.isUntouched) return new Pass(args)
    const { bigint, throwIfNoEntry } = readOptions(args[1])
    try {
      return inWordsOf({ syscall, path }, () => {
        const place = walk(disk.root, path, syscall === 'stat')
        const pass = passToDisk(place, path, args)
        if (pass !== null) return pass
        if (!place.found?.inode) throw new Errno('ENOENT')
        return statsOf(place.found.inode, bigint === true)
      })
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (throwIfNoEntry === false && (code === 'ENOENT' || code === 'ENOTDIR')) return undefined
      throw error
    }
  }
}

export const stat: VirtualCall = statCall('stat')
export const lstat: VirtualCall = statCall('lstat')

export const access: VirtualCall = (disk, args, realSync) => {
  const path = readPath(args[0])
  if (path === null || disk.isUntouched) return new Pass(args)
  checkArguments(realSync, args, 1)
  return inWordsOf({ syscall: 'access', path }, () => {
    const place = walk(disk.root, path, true)
    const pass = passToDisk(place, path, args)
    if (pass !== null) return pass
    if (place.found === null) throw new Errno('ENOENT')
    if (!hasAccess(place.found, readMode(args[1], constants.F_OK))) throw new Errno('EACCES')
    return undefined
  })
}

export const exists: VirtualCall = (disk, args) => {
  const path = readPath(args[0])
  if (path === null || disk.isUntouched) return new Pass(args)
  try {
    return walk(disk.root, path, true).found !== null
  } catch {
    return false
  }
}

/** @param isNative without it, Node walks the path itself, and names the part that is missing */
function realpathCall(isNative: boolean): VirtualCall {
  return (disk, args) => {
    const path = readPath(args[0])
    if (path === null || disk.isUntouched) return new Pass(args)
    return inWordsOf({ syscall: 'realpath', path }, () => {
      try {
        const place = walk(disk.root, isNative ? path : resolve(path), true)
        if (place.isOnDisk) return new Pass(args)
        return encodePath(pathOf(requireFound(place)), readOptions(args[1]))
      } catch (error) {
        if (!isNative) blamePart(disk, path)
        throw error
      }
    })
  }
}

/** Throws the error of Node's own walk along a path that leads nowhere: it looks at each part, and behind each link. */
function blamePart(disk: MemoryDisk, path: string): void {
  const { root } = parse(resolve(path))
  let base = root
  for (const part of resolve(path).slice(root.length).split(sep)) {
    const at = join(base, part)
    const found = inWordsOf({ syscall: 'lstat', path: at }, () => requireFound(walk(disk.root, at, false)))
    if (targetOf(found) === null) base = at
    else {
      const target = inWordsOf({ syscall: 'stat', path: at }, () => requireFound(walk(disk.root, at, true)))
      base = pathOf(target)
    }
  }
}

function requireFound({ found }: Place): Found {
  if (found === null) throw new Errno('ENOENT')
  return found
}

export const realpath: VirtualCall = realpathCall(false)
export const realpathNative: VirtualCall = realpathCall(true)

/** How much room there is, memory or not, is what the disk says about the nearest directory that it has. */
export const statfs: VirtualCall = (disk, args) => {
  const path = readPath(args[0])
  if (path === null || disk.isUntouched) return new Pass(args)
  return inWordsOf({ syscall: 'statfs', path }, () => {
    const { found, isOnDisk } = walk(disk.root, path, true)
    if (isOnDisk) return new Pass(args)
    if (found === null) throw new Errno('ENOENT')
    let at = found
    while (diskOf(at) === null && at.parent !== null) at = at.parent
    return new Pass([diskOf(at) ?? '/', ...args.slice(1)], { path })
  })
}

function changeCall(
  syscall: string,
  isFollowing: boolean,
  change: (inode: Inode, args: readonly unknown[]) => void,
): VirtualCall {
  return (disk, args, realSync) => {
    const path = readPath(args[0])
    if (path === null || isSystemPath(path)) return new Pass(args)
    checkArguments(realSync, args, 1)
    return inWordsOf({ syscall, path }, () =>
      changeFile(disk, path, isFollowing, inode => change(inode, args.slice(1))),
    )
  }
}

const changeMode = (inode: Inode, [mode]: readonly unknown[]): void => setMode(inode, readMode(mode, 0))
const changeOwner = (inode: Inode, [uid, gid]: readonly unknown[]): void =>
  setOwner(inode, Number(uid), Number(gid))
const changeTimes = (inode: Inode, [atime, mtime]: readonly unknown[]): void =>
  setTimes(inode, readTime(atime), readTime(mtime))

export const chmod: VirtualCall = changeCall('chmod', true, changeMode)
export const lchmod: VirtualCall = changeCall('lchmod', false, changeMode)
export const chown: VirtualCall = changeCall('chown', true, changeOwner)
export const lchown: VirtualCall = changeCall('lchown', false, changeOwner)
export const utimes: VirtualCall = changeCall('utime', true, changeTimes)
export const lutimes: VirtualCall = changeCall('lutime', false, changeTimes)

function changeOpenCall(
  syscall: string,
  change: (inode: Inode, args: readonly unknown[]) => void,
): VirtualCall {
  return (disk, args) => {
    const [fd, ...rest] = args
    if (typeof fd !== 'number') return new Pass(args)
    const file = disk.root.descriptors.get(fd)
    const path = disk.root.realDescriptors.get(fd)
    if (file === undefined && path === undefined) return new Pass(args)
    return inWordsOf({ syscall }, () => {
      change(file?.inode ?? copyUpDescriptor(disk, fd, path ?? ''), rest)
      disk.tell('change', file?.path ?? path ?? '')
    })
  }
}

export const fchmod: VirtualCall = changeOpenCall('fchmod', changeMode)
export const fchown: VirtualCall = changeOpenCall('fchown', changeOwner)
export const futimes: VirtualCall = changeOpenCall('futime', changeTimes)

export const fstat: VirtualCall = (disk, args) => {
  const [fd, options] = args
  if (typeof fd !== 'number') return new Pass(args)
  const { descriptors, realDescriptors } = disk.root
  const inode =
    descriptors.get(fd)?.inode ?? (realDescriptors.has(fd) ? copyOfDescriptor(disk, fd) : undefined)
  return inode === undefined ? new Pass(args) : statsOf(inode, readOptions(options).bigint === true)
}
