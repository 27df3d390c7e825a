import type { Dirent } from 'node:fs'
import { constants } from 'node:fs'
import { copyUp, copyUpDirectory } from './copy-up.ts'
import { Errno } from './errno.ts'
import type { Found } from './found.ts'
import { type DirectoryInode, type Inode, KIND_BITS, newAttributes, touch, touchAttributes } from './inode.ts'
import type { MemoryDisk } from './memory-disk.ts'
import { hasAccess } from './permissions.ts'
import { onRealDisk, real } from './real-disk.ts'
import { diskOf, isDirectory, joinPath, type Place, pathOf, walk, walkToName, walkToNew } from './walk.ts'

/** One name of a directory, with its kind in the numbers of `fs.constants.UV_DIRENT_*`. */
export interface Listed {
  name: string
  type: number
}

/** Node's numbers for kinds of directory entries; its types don't have them. */
const {
  UV_DIRENT_FILE = 1,
  UV_DIRENT_DIR = 2,
  UV_DIRENT_LINK = 3,
  UV_DIRENT_FIFO = 4,
  UV_DIRENT_SOCKET = 5,
  UV_DIRENT_CHAR = 6,
  UV_DIRENT_BLOCK = 7,
  UV_DIRENT_UNKNOWN = 0,
} = constants as unknown as Readonly<Record<string, number>>
/** The kinds that memory has. */
export const TYPES: Readonly<Record<Inode['kind'], number>> = {
  file: UV_DIRENT_FILE,
  directory: UV_DIRENT_DIR,
  symlink: UV_DIRENT_LINK,
}

/** The names in a directory of both layers, in the order of Node: sorted by their bytes. */
export function listDirectory(directory: Found): Listed[] {
  const { inode } = directory
  const entries = inode?.kind === 'directory' ? inode.entries : null
  const base = diskOf(directory)
  const listed: Listed[] = []
  for (const entry of base === null ? [] : listDisk(base)) {
    if (!entries?.has(entry.name)) listed.push(entry)
  }
  for (const [name, entry] of entries ?? []) {
    if (entry !== null) listed.push({ name, type: TYPES[entry.kind] })
  }
  return listed.sort((a, b) => Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)))
}

function listDisk(path: string): Listed[] {
  try {
    const entries = onRealDisk(() => real.readdirSync(path, { withFileTypes: true }))
    return entries.map(entry => ({ name: entry.name, type: typeOf(entry) }))
  } catch (error) {
    const { code = 'EIO' } = error as NodeJS.ErrnoException
    // It was there when it came into memory; somebody else has removed it since.
    if (code === 'ENOENT') return []
    throw new Errno(code)
  }
}

function typeOf(entry: Dirent): number {
  if (entry.isFile()) return UV_DIRENT_FILE
  if (entry.isDirectory()) return UV_DIRENT_DIR
  if (entry.isSymbolicLink()) return UV_DIRENT_LINK
  if (entry.isFIFO()) return UV_DIRENT_FIFO
  if (entry.isSocket()) return UV_DIRENT_SOCKET
  if (entry.isCharacterDevice()) return UV_DIRENT_CHAR
  return entry.isBlockDevice() ? UV_DIRENT_BLOCK : UV_DIRENT_UNKNOWN
}

/** @throws Errno when the process may not add or remove names there */
export function requireWritable(directory: Found): void {
  if (!hasAccess(directory, 3)) throw new Errno('EACCES')
}

/** Gives a new file its name, in memory. */
export function addEntry<T extends Inode>(
  disk: MemoryDisk,
  { parent, name }: Pick<Place, 'parent' | 'name'>,
  inode: T,
): T {
  const directory = copyUpDirectory(disk, parent)
  directory.entries.set(name, inode)
  if (inode.kind === 'directory') directory.nlink++
  touch(directory)
  disk.tell('rename', joinPath(pathOf(parent), name))
  return inode
}

/** Takes a name away; one that the disk has is marked as gone. */
export function removeEntry(disk: MemoryDisk, { parent, name }: Pick<Place, 'parent' | 'name'>): void {
  const directory = copyUpDirectory(disk, parent)
  const gone = directory.entries.get(name)
  const isOnDisk = directory.disk !== null && hasOnDisk(joinPath(directory.disk, name))
  if (isOnDisk) directory.entries.set(name, null)
  else directory.entries.delete(name)
  if (gone?.kind === 'directory') directory.nlink--
  touch(directory)
  disk.tell('rename', joinPath(pathOf(parent), name))
}

function hasOnDisk(path: string): boolean {
  return onRealDisk(() => real.lstatSync(path, { throwIfNoEntry: false })) !== undefined
}

/** Attributes of a file that comes to be in this directory. */
export function newInodeIn(disk: MemoryDisk, parent: Found, mode: number): ReturnType<typeof newAttributes> {
  const { dev, gid, mode: parentMode } = parent.inode ?? copyUp(disk, parent)
  const attributes = newAttributes(mode, dev, disk.root.nextIno++)
  if (parentMode & constants.S_IFDIR && parentMode & 0o2000) attributes.gid = gid
  return attributes
}

/** @param mode before the umask is taken off */
export function makeDirectory(disk: MemoryDisk, path: string, mode: number): void {
  const place = walkToNew(disk.root, path)
  requireWritable(place.parent)
  const attributes = newInodeIn(disk, place.parent, KIND_BITS.directory | (mode & ~process.umask() & 0o1777))
  const inode: DirectoryInode = {
    ...attributes,
    nlink: 2,
    kind: 'directory',
    entries: new Map(),
    disk: null,
  }
  addEntry(disk, place, inode)
}

export function removeDirectory(disk: MemoryDisk, path: string): void {
  const place = walkToName(disk.root, path)
  const { found, parent } = place
  if (found === null) throw new Errno('ENOENT')
  if (!isDirectory(found)) throw new Errno('ENOTDIR')
  if (found.parent === null) throw new Errno('EBUSY')
  if (/(^|[\\/])\.[\\/]*$/.test(path)) throw new Errno('EINVAL')
  requireWritable(parent)
  if (listDirectory(found).length > 0) throw new Errno('ENOTEMPTY')
  const inode = copyUp(disk, found)
  removeEntry(disk, place)
  inode.nlink = 0
}

export function removeFile(disk: MemoryDisk, path: string): void {
  const place = walkToName(disk.root, path)
  const { found, parent } = place
  if (found === null) throw new Errno('ENOENT')
  if (place.isMarkedDirectory && !isDirectory(found)) throw new Errno('ENOTDIR')
  if (isDirectory(found)) throw new Errno(process.platform === 'darwin' ? 'EPERM' : 'EISDIR')
  requireWritable(parent)
  dropLink(disk, found)
  removeEntry(disk, place)
}

/** One name less leads to the file. Other names of it, on the disk, must see that. */
export function dropLink(disk: MemoryDisk, found: Found): void {
  const isShared = found.stats !== null && found.stats.nlink > 1n
  if (found.inode === null && !isShared) return
  const inode = copyUp(disk, found)
  inode.nlink--
  touchAttributes(inode)
}

export function makeSymlink(disk: MemoryDisk, target: string, path: string): void {
  if (target === '') throw new Errno('ENOENT')
  const place = walkToNew(disk.root, path)
  if (place.isMarkedDirectory) throw new Errno('ENOENT')
  requireWritable(place.parent)
  const attributes = newInodeIn(disk, place.parent, KIND_BITS.symlink | 0o777)
  addEntry(disk, place, { ...attributes, kind: 'symlink', target })
}

export function makeLink(disk: MemoryDisk, existing: string, path: string): void {
  const { found } = walk(disk.root, existing, false)
  if (found === null) throw new Errno('ENOENT')
  const place = walkToNew(disk.root, path)
  if (place.isMarkedDirectory) throw new Errno('ENOENT')
  requireWritable(place.parent)
  if (isDirectory(found)) throw new Errno('EPERM')
  const inode = copyUp(disk, found)
  inode.nlink++
  touchAttributes(inode)
  addEntry(disk, place, inode)
}
