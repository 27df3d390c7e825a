import { relative } from 'node:path'
import { loadTransformNow } from 'forkpoint/adapter'
import { type JestRuntime, transformerOf } from './jest-runtime.ts'

/** Reads the tags `@rollback` in the project's own sources, before the types are stripped from them, and the comments too. */
export function annotateSources(runtime: JestRuntime, root: string): void {
  const transformer = transformerOf(runtime)
  const { transform, transformAsync } = transformer
  const annotate = (file: string, source: string | undefined): string | undefined => {
    // Nothing is loaded for a file that has none.
    if (!source?.includes('@rollback') || /[\\/]node_modules[\\/]/.test(file)) return source
    const label = relative(root, file).replaceAll('\\', '/')
    return loadTransformNow().annotateFunctions(source, { id: file, label })?.code ?? source
  }
  transformer.transform = (file, options, source) =>
    transform.call(transformer, file, options, annotate(file, source))
  transformer.transformAsync = async (file, options, source) =>
    transformAsync.call(transformer, file, options, annotate(file, source))
}
