import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Enough for a line of user code to be among the frames, below those of a client library. */
const FRAMES = 50

/** "at name (place)", "at place", "at async name (place)", where a place is a path or a file URL, and line and column. */
const FRAME = /^\s+at (?:.* \()?(?:async )?((?:file:\/\/)?\/.*:\d+:\d+)\)?$/

const own = dirname(fileURLToPath(import.meta.url))

/** Takes the stack from the caller of `below` on. Cheap: it is not written out before somebody reads it. */
export function captureStack(below: (...args: never[]) => unknown): { stack?: string } {
  const { stackTraceLimit } = Error
  const holder: { stack?: string } = {}
  Error.stackTraceLimit = FRAMES
  Error.captureStackTrace(holder, below)
  Error.stackTraceLimit = stackTraceLimit
  return holder
}

/** Files of a stack that are on the disk, the innermost first, with line and column. */
export function framesOf({ stack = '' }: { stack?: string }): Array<{ file: string; position: string }> {
  return stack.split('\n').flatMap(line => {
    const [, file, position] = /^(.*):(\d+:\d+)$/.exec(FRAME.exec(line)?.[1] ?? '') ?? []
    return file === undefined || position === undefined ? [] : [{ file, position }]
  })
}

/** The innermost line of user code of a stack, as `path:line:col`: not Node's, not forkpoint's, not in a package. */
export function callSiteOf({ stack = '' }: { stack?: string }): string | undefined {
  for (const line of stack.split('\n')) {
    const place = FRAME.exec(line)?.[1]
    if (place === undefined) continue
    const path = place.startsWith('file://') ? decodeURI(place.slice('file://'.length)) : place
    if (!path.includes('/node_modules/') && !path.startsWith(`${own}/`)) return path
  }
  return undefined
}
