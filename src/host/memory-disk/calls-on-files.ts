import { constants } from 'node:fs'
import { find } from './attributes.ts'
import { copyUp, readInode, resizeFile, writeBytes } from './copy-up.ts'
import { addEntry, newInodeIn, removeFile, requireWritable } from './directories.ts'
import type { OpenFile } from './disk-state.ts'
import { Errno } from './errno.ts'
import { type FileInode, type Inode, KIND_BITS, touch } from './inode.ts'
import type { MemoryDisk } from './memory-disk.ts'
import { closeFile, openFile, openFileOf, readFrom, truncateOpen, writeTo } from './open-files.ts'
import { Pass, passToDisk } from './pass.ts'
import { hasAccess } from './permissions.ts'
import {
  checkArguments,
  isSystemPath,
  readData,
  readEncoding,
  readFlags,
  readMode,
  readOptions,
  readPath,
} from './read-arguments.ts'
import { inWordsOf, type VirtualCall } from './virtual-call.ts'
import { isDirectory, isSame, modeOf, type Place, walk, walkToFile } from './walk.ts'

export const open: VirtualCall = (disk, args, realSync) => {
  const path = readPath(args[0])
  if (path === null || isSystemPath(path)) return new Pass(args)
  checkArguments(realSync, args, 1)
  return inWordsOf({ syscall: 'open', path }, () => {
    const opened = openFile(disk, path, readFlags(args[1], 'r'), readMode(args[2], 0o666))
    if ('fd' in opened) return opened.fd
    const after = (fd: unknown): unknown => {
      if (typeof fd === 'number') disk.root.realDescriptors.set(fd, path)
      return fd
    }
    return new Pass([opened.disk, opened.flags, args[2]], { path, after })
  })
}

/** Calls on a descriptor; those that the system has opened are left to it. */
function onDescriptor(
  syscall: string,
  run: (disk: MemoryDisk, file: OpenFile, args: readonly unknown[]) => unknown,
): VirtualCall {
  return (disk, args) => {
    const [fd, ...rest] = args
    if (typeof fd !== 'number' || !disk.root.descriptors.has(fd)) return new Pass(args)
    return inWordsOf({ syscall }, () => run(disk, openFileOf(disk, fd), rest))
  }
}

const closeInMemory = onDescriptor('close', (disk, { fd }) => closeFile(disk, fd))
export const close: VirtualCall = (disk, args, realSync) => {
  if (typeof args[0] === 'number') disk.root.realDescriptors.delete(args[0])
  return closeInMemory(disk, args, realSync)
}

/** Nothing is further from the reader than memory. */
export const fsync: VirtualCall = onDescriptor('fsync', () => undefined)

export const ftruncate: VirtualCall = onDescriptor('ftruncate', (disk, file, [length]) =>
  truncateOpen(disk, file, Math.max(0, Number(length ?? 0))),
)

export const read: VirtualCall = onDescriptor('read', (_, file, args) => {
  const { bytes, position } = readTarget(args)
  if (bytes.length === 0) return 0
  return readFrom(file, bytes, position)
})

export const write: VirtualCall = onDescriptor('write', (disk, file, args) => {
  const [data, second, third] = args
  if (typeof data === 'string') return writeTo(disk, file, readData(data, third), toPosition(second))
  const { bytes, position } = readTarget(args)
  return writeTo(disk, file, bytes, position)
})

/** `(buffer, offset, length, position)` or `(buffer, { offset, length, position })`. */
function readTarget([buffer, second, third, fourth]: readonly unknown[]): {
  bytes: Buffer
  position: number | null
} {
  const whole = readData(buffer, null)
  const isObject = typeof second === 'object' && second !== null
  const { offset, length, position } = isObject
    ? readOptions(second)
    : { offset: second, length: third, position: fourth }
  const start = toInteger(offset) ?? 0
  const most = whole.length - start
  const count = toInteger(length) ?? most
  if (start < 0 || start > whole.length) throw outOfRange('offset', `>= 0 && <= ${whole.length}`, start)
  if (count < 0 || count > most) throw outOfRange('length', `>= 0 && <= ${most}`, count)
  return { bytes: whole.subarray(start, start + count), position: toPosition(position) }
}

function toInteger(given: unknown): number | null {
  return typeof given === 'number' ? given : null
}

function toPosition(given: unknown): number | null {
  const position = typeof given === 'bigint' ? Number(given) : toInteger(given)
  return position === null || position < 0 ? null : position
}

function outOfRange(name: string, range: string, received: number): RangeError {
  const message = `The value of "${name}" is out of range. It must be ${range}. Received ${received}`
  return Object.assign(new RangeError(message), { code: 'ERR_OUT_OF_RANGE' })
}

function eachBuffer(
  syscall: string,
  run: (disk: MemoryDisk, file: OpenFile, bytes: Buffer, position: number | null) => number,
): VirtualCall {
  return onDescriptor(syscall, (disk, file, [buffers, given]) => {
    let position = toPosition(given)
    let sum = 0
    for (const buffer of Array.isArray(buffers) ? buffers : []) {
      const bytes = readData(buffer, null)
      const count = run(disk, file, bytes, position)
      sum += count
      if (position !== null) position += count
      if (count < bytes.length) break
    }
    return sum
  })
}

export const readv: VirtualCall = eachBuffer('read', (_, file, bytes, position) =>
  readFrom(file, bytes, position),
)
export const writev: VirtualCall = eachBuffer('write', writeTo)

export const truncate: VirtualCall = (disk, args, realSync) => {
  if (typeof args[0] === 'number') return ftruncate(disk, args, realSync)
  const path = readPath(args[0])
  if (path === null || isSystemPath(path)) return new Pass(args)
  checkArguments(realSync, args, 1)
  return inWordsOf({ syscall: 'open', path }, () =>
    withOpen(disk, path, 'r+', 0o666, file => truncateOpen(disk, file, Math.max(0, Number(args[1] ?? 0)))),
  )
}

function withOpen<T>(
  disk: MemoryDisk,
  path: string,
  flags: unknown,
  mode: number,
  use: (file: OpenFile) => T,
): T {
  const file = openFile(disk, path, readFlags(flags, 'w'), mode)
  if (!('fd' in file)) throw new Errno('EBADF')
  try {
    return use(file)
  } finally {
    closeFile(disk, file.fd)
  }
}

function isAborted({ signal }: Readonly<Record<string, unknown>>): boolean {
  return signal instanceof AbortSignal && signal.aborted
}

export const readFile: VirtualCall = (disk, args, realSync) => {
  const options = readOptions(args[1])
  if (isAborted(options)) return new Pass(args)
  const encoding = readEncoding(options)
  const encode = (bytes: Buffer): unknown =>
    encoding === null || encoding === 'buffer' ? bytes : bytes.toString(encoding)
  if (typeof args[0] === 'number') {
    const file = disk.root.descriptors.get(args[0])
    if (file === undefined) return new Pass(args)
    return inWordsOf({ syscall: 'read' }, () => encode(readRest(file)))
  }
  const path = readPath(args[0])
  if (path === null || disk.isUntouched || isSystemPath(path)) return new Pass(args)
  checkArguments(realSync, args, 1)
  const flags = readFlags(options.flag, 'r')
  const opened = inWordsOf({ syscall: 'open', path }, () => {
    if (flags === constants.O_RDONLY) {
      const pass = passToDisk(walk(disk.root, path, true), path, args)
      if (pass !== null) return pass
    }
    return openFile(disk, path, flags, 0o666)
  })
  if (opened instanceof Pass) return opened
  if (!('fd' in opened)) return new Pass([opened.disk, ...args.slice(1)], { path })
  try {
    return inWordsOf({ syscall: 'read' }, () => encode(readRest(opened)))
  } finally {
    closeFile(disk, opened.fd)
  }
}

function readRest(file: OpenFile): Buffer {
  const { inode } = file
  if (inode.kind !== 'file') throw new Errno('EISDIR')
  const bytes = Buffer.allocUnsafeSlow(Math.max(0, inode.size - file.position))
  readFrom(file, bytes, null)
  return bytes
}

function writeCall(flag: 'w' | 'a'): VirtualCall {
  return (disk, args, realSync) => {
    const [target, data, given] = args
    const options = readOptions(given)
    if (isAborted(options) || (typeof data !== 'string' && !ArrayBuffer.isView(data))) return new Pass(args)
    const bytes = readData(data, options.encoding)
    if (typeof target === 'number') {
      const file = disk.root.descriptors.get(target)
      if (file === undefined) return new Pass(args)
      return inWordsOf({ syscall: 'write' }, () => void writeTo(disk, file, bytes, null))
    }
    const path = readPath(target)
    if (path === null || isSystemPath(path)) return new Pass(args)
    checkArguments(realSync, [path, '', given], 2)
    return inWordsOf({ syscall: 'open', path }, () => {
      const file = openFile(disk, path, readFlags(options.flag, flag), readMode(options.mode, 0o666))
      if (!('fd' in file)) return new Pass([file.disk, data, given], { path })
      try {
        return inWordsOf({ syscall: 'write' }, () => void writeTo(disk, file, bytes, null))
      } finally {
        closeFile(disk, file.fd)
      }
    })
  }
}

export const writeFile: VirtualCall = writeCall('w')
export const appendFile: VirtualCall = writeCall('a')

export const copyFile: VirtualCall = (disk, args, realSync) => {
  const path = readPath(args[0])
  const dest = readPath(args[1])
  if (path === null || dest === null || isSystemPath(dest)) return new Pass(args)
  checkArguments(realSync, args, 2)
  inWordsOf({ syscall: 'copyfile', path, dest }, () => copyContent(disk, path, dest, readMode(args[2], 0)))
  return undefined
}

/** The target gets the mode of the source, as from the system. The source is not brought into memory for it. */
export function copyContent(disk: MemoryDisk, from: string, to: string, mode: number): void {
  const source = find(disk, from, true)
  if (!hasAccess(source, 4)) throw new Errno('EACCES')
  const isExclusive = (mode & constants.COPYFILE_EXCL) !== 0
  const place = walkToFile(disk.root, to, !isExclusive)
  const { found } = place
  if (found !== null && isExclusive) throw new Errno('EEXIST')
  if (found !== null && isDirectory(found)) throw new Errno('EISDIR')
  if (found !== null && isSame(source, found)) return
  if (isDirectory(source)) {
    // The system makes the target before it finds out, and libuv takes that back by removing the name.
    const made = found === null ? addCopy(disk, place, 0) : copyUp(disk, found)
    if (made.kind === 'file') resizeFile(made, 0)
    touch(made)
    setPermissions(made, modeOf(source))
    removeFile(disk, to)
    throw new Errno('EISDIR')
  }
  const original = readInode(source, true)
  if (original.kind !== 'file') throw new Errno('EINVAL')
  const target = found === null ? addCopy(disk, place, original.mode) : copyUp(disk, found, false)
  if (target.kind !== 'file') throw new Errno('EISDIR')
  resizeFile(target, 0)
  writeBytes(target, 0, original.bytes.subarray(0, original.size))
  touch(target)
  setPermissions(target, original.mode)
  disk.tell('change', to)
}

function setPermissions(inode: Inode, mode: number): void {
  inode.mode = (inode.mode & ~0o7777) | (mode & 0o7777)
}

function addCopy(disk: MemoryDisk, place: Place, mode: number): FileInode {
  requireWritable(place.parent)
  const attributes = newInodeIn(disk, place.parent, KIND_BITS.file | (mode & ~process.umask() & 0o7777))
  return addEntry(disk, place, {
    ...attributes,
    kind: 'file',
    bytes: Buffer.alloc(0),
    size: 0,
    isShared: false,
  })
}
