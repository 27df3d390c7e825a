import type { Place } from './walk.ts'

interface Told {
  /** As user code has named it, where the real function is given another path. */
  path?: string
  /** What to do with the result before user code has it. */
  after?: (result: unknown) => unknown
}

/** The answer of a call that memory has nothing to say about: the real function is called, with these arguments. */
export class Pass {
  readonly args: readonly unknown[]
  readonly path: string | undefined
  readonly after: ((result: unknown) => unknown) | undefined

  constructor(args: readonly unknown[], { path, after }: Told = {}) {
    this.args = args
    this.path = path
    this.after = after
  }
}

/** Reading what the disk has: under its own name, or where the path leads to; null when memory has it, or nobody. */
export function passToDisk({ found, isOnDisk }: Place, path: string, args: readonly unknown[]): Pass | null {
  if (isOnDisk) return new Pass(args)
  if (found === null || found.inode !== null || found.disk === null) return null
  return new Pass([found.disk, ...args.slice(1)], { path })
}

/** Errors of the real function name the path that it was given; user code gave another. */
export function renamePath(error: unknown, pass: Pass): unknown {
  if (pass.path === undefined || !(error instanceof Error)) return error
  const failed: NodeJS.ErrnoException = error
  const given = String(pass.args[0])
  if (failed.path !== given) return error
  failed.message = failed.message.replace(`'${given}'`, () => `'${pass.path}'`)
  failed.path = pass.path
  return failed
}
