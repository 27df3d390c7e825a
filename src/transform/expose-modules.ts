import * as module from 'node:module'
import { exposeFile, exposeLoaded, type Loaded } from './expose-loaded.ts'

type Load = (url: string, context: unknown) => Loaded
type Hooks = { load(url: string, context: unknown, next: Load): Loaded }
type Compile = (this: unknown, code: string, path: string, ...rest: unknown[]) => unknown

/**
 * Has Node expose the state of every module that it loads from here on, be it imported or required.
 *
 * @param excluded paths that are left alone
 */
export function exposeModules(excluded: RegExp | null): void {
  // Since Node 22.15; before that its hooks run in a thread of their own, and don't see what is required.
  const { registerHooks } = module as { registerHooks?: (hooks: Hooks) => void }
  if (registerHooks) {
    registerHooks({ load: (url, context, next) => exposeLoaded(url, next(url, context), excluded) })
    return
  }
  module.register('./loader.mjs', import.meta.url, { data: excluded?.source ?? null })
  const { prototype } = module.Module as unknown as { prototype: { _compile: Compile } }
  const { _compile: compile } = prototype
  prototype._compile = function (code, path, ...rest) {
    return compile.call(this, exposeFile(path, code, 'commonjs', excluded), path, ...rest)
  }
}
