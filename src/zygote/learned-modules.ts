import { createHash } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { cacheFolder } from '../transform/cache-folder.ts'
import { version } from '../version.ts'

/** Kept of one project, and of all of them. */
const MOST_FILES = 5000
const MOST_MODULES = 500
const MOST_LISTS = 32

/** What is imported by fewer files than this, or takes less than that, is left to them. */
const LEAST_SHARE = 0.5
const LEAST_FILES = 2
const LEAST_MS = 1

const LOCKFILES = ['package-lock.json', 'npm-shrinkwrap.json', 'pnpm-lock.yaml', 'yarn.lock', 'bun.lock']

interface Learned {
  url: string
  /** What its import took where it was a first one. */
  ms: number
  /** It was imported ahead, and changed nothing but itself. */
  isClean: boolean
  /** Why it is not to be imported ahead. */
  refused: string | null
}

/** A module to be imported ahead of the fork. */
export interface Preload {
  url: string
  /** Asked for by the user, or clean in an earlier run: nobody looks whether it changes anything but itself. */
  isTrusted: boolean
}

/**
 * Which modules the test files of a project import, as seen in this run and in earlier ones: a file in the project's cache folder,
 * which is another one when the lockfile or the configuration is.
 */
export class LearnedModules {
  readonly #path: string
  readonly #modules = new Map<string, Learned>()
  /** Of each test file the modules that it imports, in their order. */
  readonly #files = new Map<string, string[]>()
  #isChanged = false

  private constructor(path: string) {
    this.#path = path
    try {
      const { modules, files } = JSON.parse(readFileSync(path, 'utf8')) as {
        modules: Learned[]
        files: Array<[string, number[]]>
      }
      for (const module of modules) this.#modules.set(module.url, module)
      for (const [file, indexes] of files)
        this.#files.set(
          file,
          indexes.flatMap(index => modules[index]?.url ?? []),
        )
    } catch {
      // Nothing is known, or what is there is damaged.
      this.#modules.clear()
      this.#files.clear()
    }
  }

  /** @param configuration all else that what they import may depend on */
  static open(root: string, configuration: string): LearnedModules {
    const key = [version, process.versions.node, root, configuration, readLockfile(root)]
    const name = createHash('sha256').update(JSON.stringify(key)).digest('hex')
    return new LearnedModules(join(cacheFolder(root), 'files', `${name}.json`))
  }

  get files(): number {
    return this.#files.size
  }

  /** @param imports addresses, in the order of the imports, with what each took */
  note(file: string, imports: ReadonlyArray<readonly [url: string, ms: number]>): void {
    if (!this.#files.has(file) && this.#files.size >= MOST_FILES) return
    this.#isChanged = true
    for (const [url, ms] of imports) {
      const known = this.#modules.get(url)
      // A module that was imported ahead takes no time.
      if (known !== undefined) known.ms = Math.max(known.ms, ms)
      else if (this.#modules.size < MOST_MODULES)
        this.#modules.set(url, { url, ms, isClean: false, refused: null })
    }
    this.#files.set(
      file,
      imports.map(([url]) => url),
    )
  }

  /** They have been imported ahead, in so many milliseconds. */
  noteClean(imported: ReadonlyArray<{ url: string; ms: number }>): void {
    for (const { url, ms } of imported) {
      const known = this.#modules.get(url)
      if (known?.isClean || (known === undefined && this.#modules.size >= MOST_MODULES)) continue
      this.#modules.set(url, { url, ms: Math.max(ms, known?.ms ?? 0), isClean: true, refused: null })
      this.#isChanged = true
    }
  }

  isRefused(url: string): boolean {
    return typeof this.#modules.get(url)?.refused === 'string'
  }

  refuse(url: string, why: string): void {
    this.#modules.set(url, { url, ms: this.#modules.get(url)?.ms ?? 0, isClean: false, refused: why })
    this.#isChanged = true
  }

  /** The modules that most files import, in the order in which they do. @param isEligible further conditions */
  choose(isEligible: (url: string) => boolean): Preload[] {
    const counts = new Map<string, number>()
    for (const urls of this.#files.values())
      for (const url of new Set(urls)) counts.set(url, (counts.get(url) ?? 0) + 1)
    const least = Math.max(LEAST_FILES, this.#files.size * LEAST_SHARE)
    return [...counts].flatMap(([url, count]) => {
      const module = this.#modules.get(url)
      if (module === undefined || count < least || module.ms < LEAST_MS || module.refused !== null) return []
      return isEligible(url) ? [{ url, isTrusted: module.isClean }] : []
    })
  }

  /** For the runs to come. A cache that can't be written is done without. */
  save(): void {
    if (!this.#isChanged) return
    this.#isChanged = false
    const modules = [...this.#modules.values()]
    const indexes = new Map(modules.map(({ url }, index) => [url, index]))
    const files = [...this.#files].map(([file, urls]) => [file, urls.flatMap(url => indexes.get(url) ?? [])])
    const temporary = `${this.#path}.${process.pid}.tmp`
    try {
      mkdirSync(dirname(this.#path), { recursive: true })
      writeFileSync(temporary, JSON.stringify({ modules, files }))
      renameSync(temporary, this.#path)
      trim(dirname(this.#path))
    } catch {
      rmSync(temporary, { force: true })
    }
  }
}

/** The oldest lists go. */
function trim(folder: string): void {
  const lists = readdirSync(folder)
    .map(name => join(folder, name))
    .map(path => ({ path, time: statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0 }))
    .sort((one, other) => other.time - one.time)
  for (const { path } of lists.slice(MOST_LISTS)) rmSync(path, { force: true })
}

/** The nearest one's content; empty where there is none. */
function readLockfile(root: string): string {
  for (let folder = root; ; folder = dirname(folder)) {
    const found = LOCKFILES.map(name => join(folder, name)).find(path => existsSync(path))
    if (found !== undefined) return createHash('sha256').update(readFileSync(found)).digest('hex')
    if (folder === dirname(folder)) return ''
  }
}
