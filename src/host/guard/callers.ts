import { dirname, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Call } from '../patches.ts'

/** A line of the stack, as V8 gives it: not yet mapped to the source. */
export interface Frame {
  /** A path, a file URL, or a name of Node's own: `node:fs`. Empty for code without a file. */
  file: string
  position: string
}

const OWN = dirname(fileURLToPath(import.meta.url))

/** Who called `below`, the innermost first. Nothing is written out: it takes some microseconds. */
export function readFrames(below: Call, limit: number): Frame[] {
  const { stackTraceLimit, prepareStackTrace } = Error
  const holder: { stack?: unknown } = {}
  let frames: unknown
  try {
    Error.stackTraceLimit = limit
    Error.prepareStackTrace = (_, sites) =>
      sites.map(site => ({
        file: site.getFileName() ?? '',
        position: `${site.getLineNumber()}:${site.getColumnNumber()}`,
      }))
    Error.captureStackTrace(holder, below)
    frames = holder.stack
  } finally {
    // Else every error of the tests would have such frames for its stack.
    Error.stackTraceLimit = stackTraceLimit
    if (prepareStackTrace === undefined) Reflect.deleteProperty(Error, 'prepareStackTrace')
    else Error.prepareStackTrace = prepareStackTrace
  }
  return Array.isArray(frames) ? frames : []
}

export function isOfNode({ file }: Frame): boolean {
  return file === '' || file.startsWith('node:')
}

/** forkpoint's own code. */
export function isOwn({ file }: Frame): boolean {
  return pathOf(file).startsWith(OWN + sep)
}

/** By their addresses: who makes a call is asked often, and a project has so many files. */
const paths = new Map<string, string>()

export function pathOf(file: string): string {
  if (!file.startsWith('file://')) return file
  const path = paths.get(file) ?? fileURLToPath(file)
  paths.set(file, path)
  return path
}
