import type { Call } from '../patches.ts'
import { find } from './attributes.ts'
import { listDirectory, removeDirectory, removeFile } from './directories.ts'
import { Errno, nodeSystemError, systemError } from './errno.ts'
import type { Found } from './found.ts'
import type { MemoryDisk } from './memory-disk.ts'
import { Pass } from './pass.ts'
import { checkArguments, isSystemPath, NOWHERE, readOptions, readPath } from './read-arguments.ts'
import { callReal } from './real-disk.ts'
import { inWordsOf, type VirtualCall } from './virtual-call.ts'
import { isDirectory, joinPath, pathOf } from './walk.ts'

export const rm: VirtualCall = (disk, args, realSync) => {
  const path = readPath(args[0])
  if (path === null || isSystemPath(path)) return new Pass(args)
  checkArguments(realSync, args, 1)
  const { force, recursive } = readOptions(args[1])
  let found: Found
  try {
    found = find(disk, path, false)
    if (!isDirectory(found)) return inWordsOf({ syscall: 'unlink', path }, () => removeFile(disk, path))
  } catch (error) {
    if (!(error instanceof Errno)) throw error
    if (force === true && (error.code === 'ENOENT' || isForgiving(realSync, args[1]))) return undefined
    // Node looks first, unless it may remove everything: then it tries.
    throw systemError(error.code, {
      syscall: force === true && recursive === true ? 'unlink' : 'lstat',
      path,
    })
  }
  if (recursive !== true) {
    const info = { code: 'EISDIR', message: 'is a directory', path, syscall: 'rm' }
    throw nodeSystemError('ERR_FS_EISDIR', 'Path is a directory', info)
  }
  return inWordsOf({ syscall: 'rm', path }, () => removeTree(disk, pathOf(found)))
}

/** Newer releases of Node take a path below a file for one that leads nowhere. */
function isForgiving(realSync: Call, options: unknown): boolean {
  try {
    callReal(realSync, undefined, [NOWHERE, options])
    return true
  } catch {
    return false
  }
}

function removeTree(disk: MemoryDisk, path: string): void {
  const pending = [{ path, isListed: false }]
  for (let at = pending.at(-1); at !== undefined; at = pending.at(-1)) {
    const found = find(disk, at.path, false)
    if (!isDirectory(found)) removeFile(disk, at.path)
    else if (at.isListed) removeDirectory(disk, at.path)
    else {
      at.isListed = true
      for (const { name } of listDirectory(found))
        pending.push({ path: joinPath(at.path, name), isListed: false })
      continue
    }
    pending.pop()
  }
}
