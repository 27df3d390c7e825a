import { dirname, join, relative } from 'node:path'
import type { TestPlace } from '../finding.ts'
import { real } from '../host/memory-disk/real-disk.ts'
import { cacheFolder } from '../transform/cache-folder.ts'

/** Where what tests have done to files is kept for a look at it. @param root the project's folder */
export function keptChangesFolder(root: string): string {
  return join(cacheFolder(root), 'overlay')
}

/**
 * Copies what a test has changed or made, each file below the folder of the test by its whole path. In the process of the test: nobody else
 * sees it. What was kept of the same test before is gone.
 *
 * @param paths folders before what is in them
 * @returns the folder of the test, and how many of the files could not be copied
 */
export function keepChanges(
  paths: readonly string[],
  to: string,
  { root, file, suite, test }: TestPlace & { root: string; file: string },
): { folder: string; failed: number } {
  const folder = join(to, nameOf(relative(root, file)), nameOf([suite, test].filter(Boolean).join(' ')))
  real.rmSync(folder, { recursive: true, force: true })
  const failed = paths.filter(path => !copy(path, join(folder, path)))
  return { folder, failed: failed.length }
}

/** As it may be named on any disk. Two tests of one name have one folder, which has what the last one has done. */
function nameOf(words: string): string {
  return words.replace(/[^\p{L}\p{N}._-]+/gu, '-').slice(0, 100) || '-'
}

function copy(path: string, target: string): boolean {
  try {
    const stats = real.lstatSync(path)
    real.mkdirSync(stats.isDirectory() ? target : dirname(target), { recursive: true })
    if (stats.isSymbolicLink()) real.symlinkSync(real.readlinkSync(path), target)
    // Sockets and pipes have no content.
    else if (stats.isFile()) real.copyFileSync(path, target)
    return true
  } catch {
    return false
  }
}
