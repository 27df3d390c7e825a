import { createRequire } from 'node:module'

/** The transform and its parser, which is native code: loaded only where something is to be transformed. */
export function loadTransform(): Promise<typeof import('./transform/index.ts')> {
  return import('./transform/index.ts')
}

/** The same where there is nobody to wait for it: from the built package. */
export function loadTransformNow(): typeof import('./transform/index.ts') {
  return createRequire(import.meta.url)('./transform.mjs')
}
