import type { ExposedSources, TransformResult } from './exposed-sources.ts'
import { type JestRuntime, type TransformOptions, transformerOf } from './jest-runtime.ts'

/**
 * Has the code that Jest's transforms have made go through `sources`: whatever transforms are configured, and after what Jest
 * keeps in its cache, which stays the same as without.
 */
export function watchTransforms(runtime: JestRuntime, sources: ExposedSources): void {
  const transformer = transformerOf(runtime)
  const { transform, transformAsync } = transformer
  const expose = (file: string, options: TransformOptions, before: TransformResult): TransformResult =>
    options.isInternalModule
      ? before
      : sources.expose(file, before, options.supportsStaticESM ? 'module' : 'commonjs')
  transformer.transform = (file, options, source) => {
    try {
      return expose(file, options, transform.call(transformer, file, options, source))
    } catch (error) {
      throw withoutOwnFrames(error)
    }
  }
  transformer.transformAsync = async (file, options, source) => {
    try {
      return expose(file, options, await transformAsync.call(transformer, file, options, source))
    } catch (error) {
      throw withoutOwnFrames(error)
    }
  }
}

/** A source that can't be transformed: Jest shows the stack trace. */
function withoutOwnFrames(error: unknown): unknown {
  const { stack } = (error ?? {}) as { stack?: unknown }
  if (typeof stack !== 'string' || !stack.includes(import.meta.url)) return error
  const lines = stack.split('\n').filter(line => !line.includes(import.meta.url))
  return Object.assign(error as object, { stack: lines.join('\n') })
}
