import type { ExposedSources, TransformResult } from './exposed-sources.ts'
import { missing } from './jest-modules.ts'
import type { JestRuntime } from './jest-runtime.ts'

interface TransformOptions {
  /** One of Jest's own, which no transform of the user's sees. */
  isInternalModule?: boolean
  /** The file is loaded as an ES module. */
  supportsStaticESM?: boolean
}

type Process<Result> = (file: string, options: TransformOptions, source?: string) => Result

/** Jest's way from a file to the code that runs: the transforms of the configuration, and coverage by istanbul. One for each test file. */
export interface ScriptTransformer {
  transform: Process<TransformResult>
  transformAsync: Process<Promise<TransformResult>>
}

/**
 * Has the code that Jest's transforms have made go through `sources`: whatever transforms are configured, and after what Jest
 * keeps in its cache, which stays the same as without.
 */
export function watchTransforms(runtime: JestRuntime, sources: ExposedSources): void {
  const transformer = runtime.transformCache?.scriptTransformer ?? runtime._scriptTransformer
  if (transformer?.transform === undefined || transformer.transformAsync === undefined)
    throw missing('the transformer of the runtime')
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
