/** The transform and its parser, which is native code: loaded only where something is to be transformed. */
export function loadTransform(): Promise<typeof import('./transform/index.ts')> {
  return import('./transform/index.ts')
}
