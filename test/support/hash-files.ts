import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

function* filesBelow(path: string): Generator<string> {
  if (!existsSync(path)) return
  if (statSync(path).isFile()) {
    yield path
    return
  }
  for (const name of readdirSync(path).sort()) yield* filesBelow(join(path, name))
}

/** One hash of the names and contents of everything below the given files and folders; a missing one counts as empty. */
export function hashFiles(root: string, names: readonly string[]): string {
  const hash = createHash('sha256')
  for (const name of names) {
    for (const path of filesBelow(join(root, name))) {
      hash.update(path.slice(root.length)).update('\0').update(readFileSync(path)).update('\0')
    }
  }
  return hash.digest('hex')
}
