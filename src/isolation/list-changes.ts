import type { Stats } from 'node:fs'
import { join } from 'node:path'
import type { FileChanges } from '../file-changes.ts'
import { real } from '../host/memory-disk/real-disk.ts'

/** A folder as it is seen, what is beneath it, and where its changes are. */
export interface Layers {
  folder: string
  lower: string
  upper: string
}

/** Nobody reads more, and it has to be sent. */
const MOST_PATHS = 1000

/** What the changes of an overlay come to. */
export function listChanges(all: readonly Layers[]): FileChanges {
  const changes: FileChanges = { changed: [], created: [], deleted: [] }
  let left = MOST_PATHS
  const note = (kind: 'changed' | 'created' | 'deleted', path: string): boolean => {
    if (left-- > 0) changes[kind].push(path)
    else changes.isCut = true
    return left >= 0
  }
  const noteNew = (path: string, stats: Stats): void => {
    if (!note('created', path) || !stats.isDirectory()) return
    for (const name of namesIn(path)) {
      const inner = lookAt(join(path, name))
      if (inner !== null) noteNew(join(path, name), inner)
    }
  }
  const compare = (layers: Layers): void => {
    const touched = namesIn(layers.upper)
    // Of a folder that was made anew over one that is gone, nothing beneath is seen.
    const seen = new Set(namesIn(layers.folder))
    const gone = namesIn(layers.lower).filter(name => !seen.has(name))
    for (const name of gone) note('deleted', join(layers.folder, name))
    for (const name of touched) {
      const [folder, lower, upper] = [layers.folder, layers.lower, layers.upper].map(path => join(path, name))
      if (folder === undefined || lower === undefined || upper === undefined || left < 0) break
      const [now, before] = [lookAt(folder), lookAt(lower)]
      if (now === null) continue
      if (before === null) noteNew(folder, now)
      else if (now.isDirectory() && before.isDirectory()) compare({ folder, lower, upper })
      else if (isOther(now, before)) note('changed', folder)
    }
  }
  for (const layers of all) compare(layers)
  return changes
}

/** What is only opened for writing is in the changes too, as it was. */
function isOther(now: Stats, before: Stats): boolean {
  return (['mode', 'size', 'mtimeMs', 'uid', 'gid'] as const).some(key => now[key] !== before[key])
}

function lookAt(path: string): Stats | null {
  try {
    return real.lstatSync(path)
  } catch {
    return null
  }
}

function namesIn(folder: string): string[] {
  try {
    return real.readdirSync(folder)
  } catch {
    return []
  }
}
