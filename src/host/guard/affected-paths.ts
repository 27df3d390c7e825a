import { dirname, join } from 'node:path'
import { lookAt } from '../journal/before.ts'
import type { TouchKind } from '../journal/unit.ts'
import { real } from '../memory-disk/real-disk.ts'
import type { FileChange } from './file-change.ts'
import { fileAt, nameAt } from './real-path.ts'

/** One path that a call is about to change. */
export interface Affected {
  path: string
  kind: TouchKind
  /** What is below it goes with it. */
  isTree?: true
}

/** The paths that a call is about to change, in an order in which all can be put back backwards. Empty when it will change nothing. */
export function affectedBy(change: FileChange): Affected[] {
  switch (change.kind) {
    case 'write':
      return [{ path: fileAt(change.path), kind: 'content' }]
    case 'replace':
      return [
        { path: nameAt(change.path), kind: 'name' },
        { path: fileAt(change.path), kind: 'content' },
      ]
    case 'attributes':
      return existing(change.isOfLink ? nameAt(change.path) : fileAt(change.path)).map(path => ({
        path,
        kind: 'attributes',
      }))
    case 'make':
      return [{ path: nameAt(change.path), kind: 'name' }]
    case 'link':
      return [
        { path: nameAt(change.from), kind: 'content' },
        { path: nameAt(change.to), kind: 'name' },
      ]
    case 'folder':
      return missingFolders(change.path, change.isRecursive).map(path => ({ path, kind: 'name' }))
    case 'temporary':
      return []
    case 'remove':
      return existing(nameAt(change.path)).map(path => ({ path, kind: 'name', isTree: true }))
    case 'move':
      return affectedByMove(nameAt(change.from), nameAt(change.to))
    case 'copy':
      return [
        ...missingFolders(dirname(change.to), true).map((path): Affected => ({ path, kind: 'name' })),
        ...copiesOf(change.from, change.to).map(({ to }): Affected => ({ path: to, kind: 'content' })),
      ]
  }
}

/** Every name that copying a tree makes or replaces, folders before what is in them. */
export function copiesOf(from: string, to: string): Array<{ from: string; to: string }> {
  const stats = lookAt(from)
  if (stats === null) return []
  const own = { from, to: nameAt(to) }
  if (!stats.isDirectory()) return [own]
  const inner = real.readdirSync(from).flatMap(name => copiesOf(join(from, name), join(to, name)))
  return [own, ...inner]
}

function affectedByMove(from: string, to: string): Affected[] {
  if (lookAt(from) === null || from === to) return []
  const moved = copiesOf(from, to).map(({ to: path }): Affected => ({ path, kind: 'name' }))
  return [{ path: from, kind: 'name', isTree: true }, ...moved]
}

function existing(path: string): string[] {
  return lookAt(path) === null ? [] : [path]
}

/** Folders that will be made, the outermost first. */
function missingFolders(path: string, isRecursive: boolean): string[] {
  const missing: string[] = []
  for (let at = nameAt(path); lookAt(at) === null; at = dirname(at)) {
    missing.unshift(at)
    if (!isRecursive || dirname(at) === at) break
  }
  return missing
}
