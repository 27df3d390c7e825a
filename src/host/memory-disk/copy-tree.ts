import { constants } from 'node:fs'
import { dirname, isAbsolute, join, resolve, sep } from 'node:path'
import { changeFile, find, setMode, setTimes } from './attributes.ts'
import { mkdir } from './calls-on-directories.ts'
import { copyContent } from './calls-on-files.ts'
import { listDirectory, makeDirectory, makeSymlink, removeFile } from './directories.ts'
import { nodeSystemError } from './errno.ts'
import type { Found } from './found.ts'
import type { MemoryDisk } from './memory-disk.ts'
import { Pass } from './pass.ts'
import { checkArguments, isSystemPath, readOptions, readPath } from './read-arguments.ts'
import { inWordsOf, type VirtualCall } from './virtual-call.ts'
import { isDirectory, modeOf, pathOf, targetOf, walk } from './walk.ts'

type Options = Readonly<Record<string, unknown>>

/** Waits, where it can be waited, for what a filter has answered. */
export type CopySteps = Generator<unknown, void, unknown>

/** `cp` and `cpSync`: whoever drives the steps hands every answer of the filter back, awaited or not. */
export const cp: VirtualCall = (disk, args, realSync): Pass | CopySteps => {
  const from = readPath(args[0])
  const to = readPath(args[1])
  if (from === null || to === null || isSystemPath(to)) return new Pass(args)
  const { filter, ...options } = readOptions(args[2])
  checkArguments(realSync, [args[0], args[1], options], 2)
  return copy(disk, from, to, { ...options, filter })
}

function* copy(disk: MemoryDisk, from: string, to: string, options: Options): CopySteps {
  const { filter } = options
  const source = inWordsOf({ syscall: 'lstat', path: from }, () =>
    find(disk, from, options.dereference === true),
  )
  const target = inWordsOf({ syscall: 'lstat', path: to }, () => statTarget(disk, to, options))
  refuse(source, target, from, to)
  if (typeof filter === 'function' && !(yield filter(from, to))) return
  mkdir(disk, [dirname(to), { recursive: true }], () => undefined)
  if (isDirectory(source)) yield* copyDirectory(disk, source, target, { from, to }, options)
  else if (targetOf(source) !== null) copyLink(disk, source, target, { from, to }, options)
  else copyFile(disk, source, target, { from, to }, options)
}

/** A directory that is still to be made counts as missing. */
function statTarget(disk: MemoryDisk, path: string, { dereference }: Options): Found | null {
  try {
    return walk(disk.root, path, dereference === true).found
  } catch (error) {
    if ((error as { code?: string }).code === 'ENOENT') return null
    throw error
  }
}

function refuse(source: Found, target: Found | null, from: string, to: string): void {
  const info = (code: string, message: string): Parameters<typeof nodeSystemError>[2] => ({
    code,
    message,
    path: to,
    syscall: 'cp',
  })
  if (target !== null) {
    if (pathOf(source) === pathOf(target)) {
      throw nodeSystemError(
        'ERR_FS_CP_EINVAL',
        'Invalid src or dest',
        info('EINVAL', 'src and dest cannot be the same'),
      )
    }
    if (isDirectory(source) && !isDirectory(target)) {
      throw nodeSystemError(
        'ERR_FS_CP_DIR_TO_NON_DIR',
        'Cannot overwrite non-directory with directory',
        info('EISDIR', `cannot overwrite non-directory ${to} with directory ${from}`),
      )
    }
    if (!isDirectory(source) && isDirectory(target)) {
      throw nodeSystemError(
        'ERR_FS_CP_NON_DIR_TO_DIR',
        'Cannot overwrite directory with non-directory',
        info('ENOTDIR', `cannot overwrite directory ${to} with non-directory ${from}`),
      )
    }
  }
  if (isDirectory(source) && `${resolve(to)}${sep}`.startsWith(`${resolve(from)}${sep}`)) {
    throw nodeSystemError(
      'ERR_FS_CP_EINVAL',
      'Invalid src or dest',
      info('EINVAL', `cannot copy ${from} to a subdirectory of self ${to}`),
    )
  }
}

interface Paths {
  from: string
  to: string
}

function* copyDirectory(
  disk: MemoryDisk,
  source: Found,
  target: Found | null,
  { from, to }: Paths,
  options: Options,
): CopySteps {
  if (options.recursive !== true) {
    const info = { code: 'EISDIR', message: `${from} is a directory (not copied)`, path: from, syscall: 'cp' }
    throw nodeSystemError('ERR_FS_EISDIR', 'Path is a directory', info, 'EINVAL')
  }
  const mode = modeOf(source)
  if (target === null) inWordsOf({ syscall: 'mkdir', path: to }, () => makeDirectory(disk, to, 0o777))
  for (const { name } of listDirectory(source)) yield* copy(disk, join(from, name), join(to, name), options)
  if (target === null) changeFile(disk, to, true, inode => setMode(inode, mode))
}

function copyFile(
  disk: MemoryDisk,
  source: Found,
  target: Found | null,
  { from, to }: Paths,
  options: Options,
): void {
  const { force = true, errorOnExist, mode, preserveTimestamps } = options
  if (target !== null) {
    if (force === true) inWordsOf({ syscall: 'unlink', path: to }, () => removeFile(disk, to))
    else if (errorOnExist === true) throw exists(to)
    else return
  }
  const flags = typeof mode === 'number' ? mode & constants.COPYFILE_EXCL : 0
  inWordsOf({ syscall: 'copyfile', path: from, dest: to }, () => copyContent(disk, from, to, flags))
  if (preserveTimestamps !== true) return
  const { inode, stats } = source
  const atimeNs = inode?.atimeNs ?? stats?.atimeNs ?? 0n
  const mtimeNs = inode?.mtimeNs ?? stats?.mtimeNs ?? 0n
  changeFile(disk, to, true, copied => setTimes(copied, atimeNs, mtimeNs))
}

function copyLink(
  disk: MemoryDisk,
  source: Found,
  target: Found | null,
  { from, to }: Paths,
  options: Options,
): void {
  const given = targetOf(source) ?? ''
  const isAsIs = options.verbatimSymlinks === true || isAbsolute(given)
  const leadsTo = isAsIs ? given : resolve(dirname(from), given)
  if (target !== null) {
    if (targetOf(target) === null) throw exists(to)
    inWordsOf({ syscall: 'unlink', path: to }, () => removeFile(disk, to))
  }
  inWordsOf({ syscall: 'symlink', path: leadsTo, dest: to }, () => makeSymlink(disk, leadsTo, to))
}

function exists(path: string): Error {
  const info = { code: 'EEXIST', message: `${path} already exists`, path, syscall: 'cp' }
  return nodeSystemError('ERR_FS_CP_EEXIST', 'Target already exists', info)
}
