import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { version } from '../version.ts'
import { type Exposed, type ExposeOptions, exposeState } from './expose-state.ts'

/** What the entries of a project may take on the disk. */
const LIMIT_BYTES = 200 * 2 ** 20

/** How much of that is left once the oldest are removed: so that this is not done again at once. */
const KEPT_SHARE = 0.8

/**
 * What `exposeState` made of the files of a project, on its disk.
 *
 * Processes may share it: an entry appears whole or not at all. One that can't be read, or is not what was written, is made
 * again; one that can't be written is done without.
 */
export class TransformCache {
  readonly #folder: string
  readonly #limit: number
  #trimmed: Promise<void> | null = null
  #count = 0

  constructor(folder: string, limit: number = LIMIT_BYTES) {
    this.#folder = folder
    this.#limit = limit
  }

  /** As the function of that name. Synchronous, because Node's hooks for modules that are required have to be. */
  exposeState(code: string, options: ExposeOptions): Exposed | null {
    void this.trimmed()
    const path = join(this.#folder, keyOf(code, options))
    const found = readEntry(path)
    if (found !== undefined) return found
    const exposed = exposeState(code, options)
    this.#write(path, exposed)
    return exposed
  }

  /** Brings the entries of earlier runs under the limit: done once, with the first use. */
  trimmed(): Promise<void> {
    this.#trimmed ??= this.#trim()
    return this.#trimmed
  }

  #write(path: string, exposed: Exposed | null): void {
    const temporary = `${path}.${process.pid}-${this.#count++}.tmp`
    const body = JSON.stringify(exposed)
    try {
      mkdirSync(this.#folder, { recursive: true })
      writeFileSync(temporary, `${digest(body)}\n${body}`)
      renameSync(temporary, path)
    } catch {
      remove(temporary)
    }
  }

  /** Removes the oldest entries where they are too many together; and files that a process did not come to rename. */
  async #trim(): Promise<void> {
    const names = await readdir(this.#folder).catch(() => [])
    const entries = await Promise.all(names.map(name => describe(join(this.#folder, name))))
    let size = entries.reduce((sum, entry) => sum + entry.size, 0)
    if (size <= this.#limit) return
    for (const entry of entries.sort((a, b) => a.time - b.time)) {
      if (size <= this.#limit * KEPT_SHARE) break
      size -= entry.size
      await rm(entry.path, { force: true }).catch(() => {})
    }
  }
}

/** Of the build that this is a part of: what another one made is of no use here, even under the same version. */
const BUILD = digest(readFileSync(fileURLToPath(import.meta.url), 'utf8'))

/** The outcome depends on nothing else. */
function keyOf(code: string, { foreign, ...options }: ExposeOptions): string {
  return digest(JSON.stringify([version, BUILD, options, foreign?.source, code]))
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

function remove(path: string): void {
  try {
    rmSync(path, { force: true })
  } catch {
    // It is trimmed some day.
  }
}

/** Undefined for one that is not there, or damaged. */
function readEntry(path: string): Exposed | null | undefined {
  try {
    return read(readFileSync(path, 'utf8'))
  } catch {
    return undefined
  }
}

/** What an entry holds, or undefined where it is damaged. */
function read(text: string): Exposed | null | undefined {
  const end = text.indexOf('\n')
  const body = text.slice(end + 1)
  return digest(body) === text.slice(0, end) ? (JSON.parse(body) as Exposed | null) : undefined
}

async function describe(path: string): Promise<{ path: string; size: number; time: number }> {
  const { size, mtimeMs } = await stat(path).catch(() => ({ size: 0, mtimeMs: 0 }))
  return { path, size, time: mtimeMs }
}
