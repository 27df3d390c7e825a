import { constants } from 'node:fs'
import { resolve } from 'node:path'
import type { Effect } from '../catalogue/nature.ts'
import { isSystemPath, readFlags, readOptions, readPath } from '../memory-disk/read-arguments.ts'
import type { FileChange } from './file-change.ts'

/** The path of an open file; null where it is none that the guard keeps. */
export type PathOfDescriptor = (fd: unknown) => string | null

/** A function of `node:fs`, in all forms in which it comes. */
export interface FileCall {
  effect: Effect
  /** What it is about to do; null for nothing that matters, or nothing that could be done. */
  read(args: readonly unknown[], pathOf: PathOfDescriptor): FileChange | null
  /** It opens a file: its result is a descriptor, or a handle. */
  isOpening?: true
}

const WRITING =
  constants.O_WRONLY | constants.O_RDWR | constants.O_CREAT | constants.O_TRUNC | constants.O_APPEND

/** By the name of the form with a callback. */
export const FILE_CALLS: Readonly<Record<string, FileCall>> = {
  writeFile: {
    effect: 'fs.write',
    read: ([target, , options], pathOf) => write(target, flagsOf(options, 'w'), pathOf),
  },
  appendFile: {
    effect: 'fs.write',
    read: ([target, , options], pathOf) => write(target, flagsOf(options, 'a'), pathOf),
  },
  truncate: { effect: 'fs.write', read: ([target], pathOf) => write(target, 0, pathOf) },
  open: { effect: 'fs.write', read: readOpen, isOpening: true },
  write: { effect: 'fs.write', read: ofDescriptor },
  writev: { effect: 'fs.write', read: ofDescriptor },
  ftruncate: { effect: 'fs.write', read: ofDescriptor },
  copyFile: { effect: 'fs.write', read: ([, to]) => on(to, path => ({ kind: 'replace', path })) },
  cp: {
    effect: 'fs.write',
    read: ([from, to]) => on(from, source => on(to, path => ({ kind: 'copy', from: source, to: path }))),
  },
  link: {
    effect: 'fs.create',
    read: ([from, to]) => on(from, source => on(to, path => ({ kind: 'link', from: source, to: path }))),
  },
  symlink: { effect: 'fs.create', read: ([, to]) => on(to, path => ({ kind: 'make', path })) },
  mkdir: {
    effect: 'fs.create',
    read: ([target, options]) =>
      on(target, path => ({ kind: 'folder', path, isRecursive: readOptions(options).recursive === true })),
  },
  mkdtemp: { effect: 'fs.create', read: () => ({ kind: 'temporary' }) },
  mkdtempDisposable: { effect: 'fs.create', read: () => ({ kind: 'temporary' }) },
  unlink: {
    effect: 'fs.delete',
    read: ([target]) => on(target, path => ({ kind: 'remove', path, isTree: false })),
  },
  rm: { effect: 'fs.delete', read: readRemoval },
  rmdir: { effect: 'fs.delete', read: readRemoval },
  rename: {
    effect: 'fs.rename',
    read: ([from, to]) => on(from, source => on(to, path => ({ kind: 'move', from: source, to: path }))),
  },
  chmod: { effect: 'fs.meta', read: ([target]) => attributes(target, false) },
  chown: { effect: 'fs.meta', read: ([target]) => attributes(target, false) },
  utimes: { effect: 'fs.meta', read: ([target]) => attributes(target, false) },
  lchmod: { effect: 'fs.meta', read: ([target]) => attributes(target, true) },
  lchown: { effect: 'fs.meta', read: ([target]) => attributes(target, true) },
  lutimes: { effect: 'fs.meta', read: ([target]) => attributes(target, true) },
  fchmod: { effect: 'fs.meta', read: attributesOfDescriptor },
  fchown: { effect: 'fs.meta', read: attributesOfDescriptor },
  futimes: { effect: 'fs.meta', read: attributesOfDescriptor },
}

/** Methods of a `FileHandle`, and the function that does the same to its descriptor. */
export const HANDLE_CALLS: Readonly<Record<string, FileCall>> = {
  write: { effect: 'fs.write', read: ofDescriptor },
  writev: { effect: 'fs.write', read: ofDescriptor },
  writeFile: { effect: 'fs.write', read: ofDescriptor },
  appendFile: { effect: 'fs.write', read: ofDescriptor },
  truncate: { effect: 'fs.write', read: ofDescriptor },
  chmod: { effect: 'fs.meta', read: attributesOfDescriptor },
  chown: { effect: 'fs.meta', read: attributesOfDescriptor },
  utimes: { effect: 'fs.meta', read: attributesOfDescriptor },
}

function on(given: unknown, make: (path: string) => FileChange | null): FileChange | null {
  const path = readPath(given)
  if (path === null) return null
  const absolute = resolve(path)
  return isSystemPath(absolute) ? null : make(absolute)
}

function write(target: unknown, flags: number, pathOf: PathOfDescriptor): FileChange | null {
  const how = howOf(flags)
  const isDescriptor =
    typeof target === 'number' || (typeof target === 'object' && target !== null && 'fd' in target)
  if (!isDescriptor) return on(target, path => ({ kind: 'write', path, how }))
  const path = pathOf(typeof target === 'number' ? target : (target as { fd: unknown }).fd)
  return path === null ? null : { kind: 'write', path, how: 'within' }
}

function howOf(flags: number): 'anew' | 'appending' | 'within' {
  if ((flags & constants.O_TRUNC) !== 0) return 'anew'
  return (flags & constants.O_APPEND) === 0 ? 'within' : 'appending'
}

function flagsOf(options: unknown, byDefault: string): number {
  return readFlags(readOptions(options).flag, byDefault)
}

function readOpen([target, flags]: readonly unknown[], pathOf: PathOfDescriptor): FileChange | null {
  const bits = readFlags(typeof flags === 'function' ? undefined : flags, 'r')
  return (bits & WRITING) === 0 ? null : write(target, bits, pathOf)
}

function ofDescriptor([fd]: readonly unknown[], pathOf: PathOfDescriptor): FileChange | null {
  const path = pathOf(fd)
  return path === null ? null : { kind: 'write', path, how: 'within' }
}

function readRemoval([target, options]: readonly unknown[]): FileChange | null {
  return on(target, path => ({ kind: 'remove', path, isTree: readOptions(options).recursive === true }))
}

function attributes(target: unknown, isOfLink: boolean): FileChange | null {
  return on(target, path => ({ kind: 'attributes', path, isOfLink }))
}

function attributesOfDescriptor([fd]: readonly unknown[], pathOf: PathOfDescriptor): FileChange | null {
  const path = pathOf(fd)
  return path === null ? null : { kind: 'attributes', path, isOfLink: false }
}
