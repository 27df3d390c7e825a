import { statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** What changes when one of these modules is written anew, as it is between two runs in watch mode. */
export function versionsOf(urls: readonly string[]): ReadonlyArray<readonly number[]> {
  return urls.map(url => {
    const file = url.startsWith('file:') ? statSync(fileURLToPath(url), { throwIfNoEntry: false }) : undefined
    return file === undefined ? [] : [file.mtimeMs, file.size, file.ino]
  })
}
