import { randomBytes } from 'node:crypto'
import type { Dirent } from 'node:fs'
import { dirname, join } from 'node:path'
import { find } from './attributes.ts'
import {
  type Listed,
  listDirectory,
  makeDirectory,
  makeLink,
  makeSymlink,
  removeDirectory,
  removeFile,
  TYPES,
} from './directories.ts'
import { Errno } from './errno.ts'
import { MemoryDir } from './memory-dir.ts'
import type { MemoryDisk } from './memory-disk.ts'
import { Pass, passToDisk } from './pass.ts'
import { hasAccess } from './permissions.ts'
import {
  checkArguments,
  encodePath,
  isSystemPath,
  readEncoding,
  readMode,
  readOptions,
  readPath,
} from './read-arguments.ts'
import { rename } from './rename.ts'
import { direntOf } from './stats.ts'
import { inWordsOf, type VirtualCall } from './virtual-call.ts'
import { isDirectory, joinPath, walk } from './walk.ts'

/** Calls on one path that is to be changed. */
function change(
  syscall: string,
  run: (disk: MemoryDisk, path: string, args: readonly unknown[]) => unknown,
): VirtualCall {
  return (disk, args, realSync) => {
    const path = readPath(args[0])
    if (path === null || isSystemPath(path)) return new Pass(args)
    checkArguments(realSync, args, 1)
    return inWordsOf({ syscall, path }, () => run(disk, path, args))
  }
}

/** Calls on two paths. */
function changeTwo(syscall: string, run: (disk: MemoryDisk, from: string, to: string) => void): VirtualCall {
  return (disk, args, realSync) => {
    const path = readPath(args[0])
    const dest = readPath(args[1])
    if (path === null || dest === null || isSystemPath(dest)) return new Pass(args)
    checkArguments(realSync, args, 2)
    return inWordsOf({ syscall, path, dest }, () => run(disk, path, dest))
  }
}

export const mkdir: VirtualCall = change('mkdir', (disk, path, [, given]) => {
  const { recursive, mode } =
    typeof given === 'object' && given !== null ? readOptions(given) : { mode: given, recursive: false }
  const bits = readMode(mode, 0o777)
  if (recursive === true) return makeTree(disk, path, bits)
  return makeDirectory(disk, path, bits)
})

/**
 * As Node does it: from the path upwards until a directory can be made, and down again.
 *
 * @returns the first directory that was made, if any was
 */
function makeTree(disk: MemoryDisk, path: string, mode: number): string | undefined {
  const pending = [path]
  let first: string | undefined
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    try {
      makeDirectory(disk, next, mode)
      first ??= next
    } catch (error) {
      if (!(error instanceof Errno)) throw error
      const above = dirname(next)
      if (error.code === 'ENOENT' && above !== next) pending.push(next, above)
      else if (error.code !== 'EEXIST') throw error
      else if (!isDirectory(find(disk, next, true)))
        throw new Errno(pending.length > 0 ? 'ENOTDIR' : 'EEXIST')
    }
  }
  return first
}

/** Behind links too. */
function isDirectoryAt(disk: MemoryDisk, path: string): boolean {
  try {
    const { found } = walk(disk.root, path, true)
    return found !== null && isDirectory(found)
  } catch {
    return false
  }
}

const CHARACTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

export const mkdtemp: VirtualCall = (disk, args, realSync) => {
  const prefix = readPath(args[0])
  if (prefix === null || isSystemPath(prefix)) return new Pass(args)
  checkArguments(realSync, args, 1)
  return inWordsOf({ syscall: 'mkdtemp', path: `${prefix}XXXXXX` }, () => {
    for (;;) {
      const letters = Array.from(randomBytes(6), byte => CHARACTERS[byte % CHARACTERS.length])
      const path = prefix + letters.join('')
      try {
        makeDirectory(disk, path, 0o700)
      } catch (error) {
        if (error instanceof Errno && error.code === 'EEXIST') continue
        throw error
      }
      return encodePath(path, readOptions(args[1]))
    }
  })
}

export const rmdir: VirtualCall = change('rmdir', (disk, path) => removeDirectory(disk, path))

/** A socket is unlinked on the disk too: whoever listens there next must find the name free. */
export const unlink: VirtualCall = (disk, args, realSync) => {
  const path = readPath(args[0])
  if (path !== null && isSocket(disk, path)) return new Pass(args)
  return unlinkFile(disk, args, realSync)
}
const unlinkFile = change('unlink', (disk, path) => removeFile(disk, path))

function isSocket(disk: MemoryDisk, path: string): boolean {
  try {
    const { found, isOnDisk } = walk(disk.root, path, false)
    return isOnDisk && found?.stats?.isSocket() === true
  } catch {
    return false
  }
}

export const link: VirtualCall = changeTwo('link', makeLink)
export const symlink: VirtualCall = changeTwo('symlink', makeSymlink)
const renameInMemory: VirtualCall = changeTwo('rename', rename)

export { renameInMemory as rename }

export const readdir: VirtualCall = (disk, args, realSync) => {
  const path = readPath(args[0])
  if (path === null || disk.isUntouched) return new Pass(args)
  checkArguments(realSync, args, 1)
  const options = readOptions(args[1])
  return inWordsOf({ syscall: 'scandir', path }, () => {
    const place = walk(disk.root, path, true)
    // A tree may have links into what is in memory.
    if (place.isOnDisk && options.recursive !== true) return new Pass(args)
    const { found } = place
    if (found === null) throw new Errno('ENOENT')
    if (!isDirectory(found)) throw new Errno('ENOTDIR')
    return options.withFileTypes === true ? listTyped(disk, path, options) : listNames(disk, path, options)
  })
}

type Options = Readonly<Record<string, unknown>>

/** Node 20 looks behind links for names only. */
const FOLLOWS_TYPED = !process.versions.node.startsWith('20.')

/** Level by level, as Node does it. */
function* listTree(
  disk: MemoryDisk,
  path: string,
  isRecursive: boolean,
  isFollowing: boolean,
): Generator<[string, Listed]> {
  const pending = ['']
  for (let below = pending.shift(); below !== undefined; below = pending.shift()) {
    const at = below === '' ? path : join(path, below)
    const entries = inWordsOf({ syscall: 'scandir', path: at }, () => {
      const { found } = walk(disk.root, joinPath(path, below), true)
      if (found !== null && !hasAccess(found, 4)) throw new Errno('EACCES')
      return found === null ? [] : listDirectory(found)
    })
    for (const entry of entries) {
      yield [below, entry]
      if (!isRecursive) continue
      const inner = join(below, entry.name)
      const isTree = isFollowing ? isDirectoryAt(disk, joinPath(path, inner)) : entry.type === TYPES.directory
      if (isTree) pending.push(inner)
    }
  }
}

function listNames(disk: MemoryDisk, path: string, options: Options): unknown[] {
  const names = []
  for (const [below, { name }] of listTree(disk, path, options.recursive === true, true)) {
    names.push(encodePath(join(below, name), options))
  }
  return names
}

function listTyped(disk: MemoryDisk, path: string, options: Options): Dirent[] {
  const entries: Dirent[] = []
  const isBytes = readEncoding(options) === 'buffer'
  for (const [below, { name, type }] of listTree(disk, path, options.recursive === true, FOLLOWS_TYPED)) {
    const parent = below === '' ? path : join(path, below)
    entries.push(direntOf(encodePath(name, options), type, isBytes ? Buffer.from(parent) : parent))
  }
  return entries
}

export const readlink: VirtualCall = (disk, args) => {
  const path = readPath(args[0])
  if (path === null || disk.isUntouched) return new Pass(args)
  return inWordsOf({ syscall: 'readlink', path }, () => {
    const place = walk(disk.root, path, false)
    const pass = passToDisk(place, path, args)
    if (pass !== null) return pass
    const inode = place.found?.inode
    if (!inode) throw new Errno('ENOENT')
    if (inode.kind !== 'symlink') throw new Errno('EINVAL')
    return encodePath(inode.target, readOptions(args[1]))
  })
}

export const opendir: VirtualCall = (disk, args, realSync) => {
  const path = readPath(args[0])
  if (path === null || disk.isUntouched) return new Pass(args)
  checkArguments(realSync, args, 1)
  const options = readOptions(args[1])
  // Node leaves the path out of this error.
  return inWordsOf({ syscall: 'opendir' }, () => {
    const place = walk(disk.root, path, true)
    if (place.isOnDisk && options.recursive !== true) return new Pass(args)
    if (place.found === null) throw new Errno('ENOENT')
    if (!isDirectory(place.found)) throw new Errno('ENOTDIR')
    return new MemoryDir(path, listTyped(disk, path, options))
  })
}
