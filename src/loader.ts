/** Hooks for `module.register`, where `module.registerHooks` does not exist: Node runs them in a thread of its own. */
import { exposeLoaded, type Loaded } from './transform/expose-loaded.ts'

export async function load(
  url: string,
  context: unknown,
  next: (url: string, context: unknown) => Promise<Loaded>,
): Promise<Loaded> {
  return exposeLoaded(url, await next(url, context))
}
