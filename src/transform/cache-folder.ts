import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** As of other tools: in the nearest folder of installed packages; or where `FORKPOINT_CACHE` says. */
export function cacheFolder(root: string): string {
  const given = process.env.FORKPOINT_CACHE
  if (given) return given
  for (let folder = root; dirname(folder) !== folder; folder = dirname(folder)) {
    const packages = join(folder, 'node_modules')
    if (existsSync(packages)) return join(packages, '.cache', 'forkpoint')
  }
  return join(root, 'node_modules', '.cache', 'forkpoint')
}
