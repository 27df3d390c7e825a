/** Hooks for `module.register`, where `module.registerHooks` does not exist: Node runs them in a thread of its own. */
import { exposeLoaded, type Loaded } from './transform/expose-loaded.ts'

let excluded: RegExp | null = null

/** @param source of the paths that are left alone */
export function initialize(source: string | null): void {
  excluded = source === null ? null : new RegExp(source)
}

export async function load(
  url: string,
  context: unknown,
  next: (url: string, context: unknown) => Promise<Loaded>,
): Promise<Loaded> {
  return exposeLoaded(url, await next(url, context), excluded)
}
