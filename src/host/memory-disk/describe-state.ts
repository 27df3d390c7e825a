import type { DiskState } from './disk-state.ts'
import type { DirectoryInode, Inode } from './inode.ts'
import { joinPath } from './walk.ts'

/** Every path that memory answers for: "file 0644 5", "directory 0755", "link -> target", "gone". */
export function describeState({ root }: DiskState): Record<string, string> {
  const lines: Record<string, string> = {}
  const pending: Array<[string, DirectoryInode]> = [[root.disk ?? '', root]]
  for (let at = pending.pop(); at !== undefined; at = pending.pop()) {
    const [path, directory] = at
    for (const [name, entry] of directory.entries) {
      const inner = joinPath(path, name)
      lines[inner] = entry === null ? 'gone' : describe(entry)
      if (entry?.kind === 'directory') pending.push([inner, entry])
    }
  }
  return Object.fromEntries(Object.entries(lines).sort(([a], [b]) => (a < b ? -1 : 1)))
}

function describe(inode: Inode): string {
  if (inode.kind === 'symlink') return `link -> ${inode.target}`
  const mode = (inode.mode & 0o7777).toString(8).padStart(4, '0')
  return inode.kind === 'file' ? `file ${mode} ${inode.size}` : `directory ${mode}`
}
