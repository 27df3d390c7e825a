import { realpathSync } from 'node:fs'

/** As it was before user code. */
const { native } = realpathSync

/** Not through links, which an overlay can't be mounted on; as it is where there is nothing. */
export function realPath(path: string): string {
  try {
    return native(path)
  } catch {
    return path
  }
}
