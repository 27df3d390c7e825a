import type { DiskState, OpenFile } from './disk-state.ts'
import type { DirectoryInode, Inode } from './inode.ts'

/**
 * All of a disk's state once more: its hard links lead to one file, its open descriptors to the files they led to. The bytes
 * of files are shared until one side writes.
 */
export function copyState(state: DiskState): DiskState {
  const copies = new Map<Inode, Inode>()
  const pending: DirectoryInode[] = []
  const copyOf = <T extends Inode>(inode: T): T => {
    const known = copies.get(inode)
    if (known !== undefined) return known as T
    if (inode.kind === 'file') inode.isShared = true
    const copy: Inode = { ...inode }
    if (copy.kind === 'directory') {
      copy.entries = new Map(copy.entries)
      pending.push(copy)
    }
    copies.set(inode, copy)
    return copy as T
  }
  const copyFile = (file: OpenFile): OpenFile => ({ ...file, inode: copyOf(file.inode) })
  const copy: DiskState = {
    ...state,
    root: copyOf(state.root),
    copied: new Map([...state.copied].map(([key, inode]) => [key, copyOf(inode)])),
    descriptors: new Map([...state.descriptors].map(([fd, file]) => [fd, copyFile(file)])),
    realDescriptors: new Map(state.realDescriptors),
  }
  for (let at = pending.pop(); at !== undefined; at = pending.pop()) {
    for (const [name, entry] of at.entries) if (entry !== null) at.entries.set(name, copyOf(entry))
  }
  return copy
}
