import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { TransformCache } from './cache.ts'
import { cacheFolder } from './cache-folder.ts'

/** What a load hook of Node returns. */
export interface Loaded {
  format?: string | null | undefined
  source?: string | ArrayBuffer | Uint8Array | null | undefined
}

const SOURCE_TYPES: Readonly<Record<string, 'module' | 'commonjs'>> = {
  module: 'module',
  commonjs: 'commonjs',
}

/** forkpoint's own code is no state of the user's. */
const OWN = fileURLToPath(new URL('.', import.meta.url))

/** From where labels are counted: the folder the process was started in. */
const base = process.cwd()

let cache: TransformCache | null = null

/** Exposes the state of a module that Node has loaded, if its source is there. @param excluded paths that are left alone */
export function exposeLoaded(url: string, loaded: Loaded, excluded: RegExp | null): Loaded {
  const sourceType = SOURCE_TYPES[loaded.format ?? '']
  const { source } = loaded
  if (sourceType === undefined || source == null || !url.startsWith('file:')) return loaded
  const code = typeof source === 'string' ? source : Buffer.from(source as Uint8Array).toString('utf8')
  const exposed = exposeFile(fileURLToPath(url), code, sourceType, excluded)
  return exposed === code ? loaded : { ...loaded, source: exposed }
}

/** The code of a file with its state exposed, or as it is. */
export function exposeFile(
  path: string,
  code: string,
  sourceType: 'module' | 'commonjs',
  excluded: RegExp | null,
): string {
  if (path.startsWith(OWN) || excluded?.test(path.replaceAll('\\', '/'))) return code
  cache ??= new TransformCache(cacheFolder(base))
  return cache.exposeState(code, { id: path, label: relative(base, path), sourceType })?.code ?? code
}
