import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** As of other tools: in the nearest folder of installed packages. */
export function cacheFolder(root: string): string {
  for (let folder = root; dirname(folder) !== folder; folder = dirname(folder)) {
    const packages = join(folder, 'node_modules')
    if (existsSync(packages)) return join(packages, '.cache', 'forkpoint')
  }
  return join(root, 'node_modules', '.cache', 'forkpoint')
}
