import type { ProcessWatch } from 'forkpoint/adapter'
import type { ProjectConfig } from './environment-class.ts'
import { type JestRuntime, transformerOf } from './jest-runtime.ts'
import { transformElsewhere } from './transform-elsewhere.ts'

/** What of Jest's options for a transform can be sent to another process. */
export interface ProcessOptions {
  /** Contents of files: what is not in it is read from the disk. */
  cacheFS?: unknown
}

/** A transform of the user's, as Jest calls it when it finds nothing in its cache. */
export interface Transformer {
  canInstrument?: boolean
  getCacheKey?(...args: unknown[]): string
  getCacheKeyAsync?(...args: unknown[]): Promise<string>
  process?(...given: Given): unknown
  processAsync?(...given: Given): Promise<unknown>
}

type Given = [source: string, file: string, options: ProcessOptions]

interface Loaded {
  transformer: Transformer
  transformerConfig?: unknown
}

/**
 * Lets transforms be native code with threads of its own, as that of @swc/jest: a pool of them that is idle between its calls keeps no
 * process from being copied. A copy does not have them, and there such a transform would wait for ever: it is made in another process.
 */
export function allowNativeTransforms(
  runtime: JestRuntime,
  watch: ProcessWatch,
  { transform }: ProjectConfig,
): void {
  const loaded = transformerOf(runtime)._transformCache
  for (const [key, each] of loaded ?? []) {
    // The pattern and the path.
    const [, path] = transform.find(([, path]) => key.endsWith(path)) ?? []
    if (path !== undefined) loaded?.set(key, { ...each, transformer: wrap(each, path, watch) })
  }
}

function wrap({ transformer, transformerConfig }: Loaded, path: string, watch: ProcessWatch): Transformer {
  const { pid } = process
  const { canInstrument, getCacheKey, getCacheKeyAsync, process: run, processAsync } = transformer
  const isElsewhere = (): boolean => watch.hasPools && process.pid !== pid
  const elsewhere = (...[source, file, { cacheFS: _, ...options }]: Given): unknown =>
    transformElsewhere({ path, transformerConfig, source, file, options })
  const here = (...given: Given): unknown => {
    const end = watch.allowPool()
    try {
      return run?.apply(transformer, given)
    } finally {
      end()
    }
  }
  const hereAsync = async (...given: Given): Promise<unknown> => {
    const end = watch.allowPool()
    try {
      return await processAsync?.apply(transformer, given)
    } finally {
      end()
    }
  }
  return {
    ...(canInstrument !== undefined && { canInstrument }),
    ...(getCacheKey && { getCacheKey: getCacheKey.bind(transformer) }),
    ...(getCacheKeyAsync && { getCacheKeyAsync: getCacheKeyAsync.bind(transformer) }),
    ...(run && { process: (...given: Given) => (isElsewhere() ? elsewhere : here)(...given) }),
    ...(processAsync && {
      processAsync: async (...given: Given) => (isElsewhere() ? elsewhere : hereAsync)(...given),
    }),
  }
}
