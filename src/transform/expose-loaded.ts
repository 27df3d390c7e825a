import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { exposeState } from './expose-state.ts'

/** What a load hook of Node returns. */
export interface Loaded {
  format?: string | null | undefined
  source?: string | ArrayBuffer | Uint8Array | null | undefined
}

const SOURCE_TYPES: Readonly<Record<string, 'module' | 'commonjs'>> = {
  module: 'module',
  commonjs: 'commonjs',
}

/** From where labels are counted: the folder the process was started in. */
const base = process.cwd()

/** forkpoint's own code is no state of the user's. */
const OWN = new URL('.', import.meta.url).href

/** Exposes the state of a module that Node has loaded, if its source is there. */
export function exposeLoaded(url: string, loaded: Loaded): Loaded {
  const sourceType = SOURCE_TYPES[loaded.format ?? '']
  const { source } = loaded
  if (sourceType === undefined || source == null || !url.startsWith('file:') || url.startsWith(OWN))
    return loaded
  const code = typeof source === 'string' ? source : Buffer.from(source as Uint8Array).toString('utf8')
  const path = fileURLToPath(url)
  const exposed = exposeState(code, { id: path, label: relative(base, path), sourceType })
  return exposed === null ? loaded : { ...loaded, source: exposed.code }
}
