import { basename, dirname, join, resolve } from 'node:path'
import { real } from '../memory-disk/real-disk.ts'

/** As the system has it: who goes on goes in circles. */
const MOST_LINKS = 40

const resolveLinks = real.realpathSync.native

/** The one name of what stands at a path: its folder not through links, its own name as it is. */
export function nameAt(path: string): string {
  const absolute = resolve(path)
  const folder = dirname(absolute)
  return folder === absolute ? absolute : join(follow(folder), basename(absolute))
}

/** The one name of the file that a path leads to, also where it is yet to be made. */
export function fileAt(path: string): string {
  const there = find(resolve(path))
  if (there !== null) return there
  let name = nameAt(path)
  for (let links = 0; links < MOST_LINKS; links++) {
    const next = leadsTo(name)
    if (next === null || next === name) return name
    const found = find(next)
    if (found !== null) return found
    name = next
  }
  return name
}

/** Null where nothing stands, or nobody may look. */
function find(path: string): string | null {
  try {
    return resolveLinks(path)
  } catch {
    return null
  }
}

function follow(folder: string): string {
  const there = find(folder)
  if (there !== null) return there
  const parent = dirname(folder)
  return parent === folder ? folder : join(follow(parent), basename(folder))
}

/** Where a link leads that leads to nothing yet; null for what is no link. */
function leadsTo(name: string): string | null {
  try {
    return nameAt(resolve(dirname(name), real.readlinkSync(name)))
  } catch {
    return null
  }
}
