import { LearnedModules, type Preload, type Refusal } from 'forkpoint/adapter'
import type { PoolOptions } from 'vitest/node'
import { guessPreload } from './guess-preload.ts'
import { findMockedPackages, packageOf } from './mocked-packages.ts'
import { isOfRunner } from './runner-packages.ts'
import type { Found, Zygotes } from './zygotes.ts'

/** So many modules may turn out to be unsuitable in a run, before none is imported ahead but those that the user has named. */
const MOST_REFUSED = 8

/** Of what was guessed from sources fewer: no file has run yet, and all wait. */
const MOST_GUESSED_WRONG = 2

/** After so many files it is looked whether what they import is worth another zygote, and each time after so many times more. */
const FIRST_LOOK = 4
const LOOK_FACTOR = 4

type Imports = ReadonlyArray<readonly [url: string, ms: number]>

/** Where the files of a project with one environment are forked from: a zygote that has imported what most of them import. */
export class ZygoteSource {
  readonly #zygotes: Zygotes
  readonly #isGuarding: boolean
  /** Named by the user. */
  readonly #asked: readonly Preload[]
  readonly #learned: LearnedModules
  /** Where no file had ever told what it imports. */
  #guessed: readonly string[] = []
  /** A setup file mocks them for all test files. */
  readonly #mocked: ReadonlySet<string>
  #preload: readonly Preload[]
  #refused = 0
  #noted = 0
  #nextLook = FIRST_LOOK

  private constructor(
    zygotes: Zygotes,
    isGuarding: boolean,
    asked: readonly string[],
    { project, environment }: PoolOptions,
  ) {
    const { root, name, env, execArgv, globals, setupFiles } = project.config
    this.#zygotes = zygotes
    this.#isGuarding = isGuarding
    this.#asked = asked.map(url => ({ url, isTrusted: true }))
    const { version } = project.vitest
    const setting = [version, name, env, execArgv, globals, setupFiles, environment.name, environment.options]
    this.#learned = LearnedModules.open(root, JSON.stringify(setting))
    this.#mocked = new Set(setupFiles.flatMap(path => [...findMockedPackages(path)]))
    this.#preload = this.#choose()
  }

  /** @param asked addresses */
  static async open(
    zygotes: Zygotes,
    isGuarding: boolean,
    asked: readonly string[],
    options: PoolOptions,
  ): Promise<ZygoteSource> {
    const source = new ZygoteSource(zygotes, isGuarding, asked, options)
    if (source.#learned.files > 0) return source
    source.#guessed = await guessPreload(options.project)
    source.#preload = source.#choose()
    return source
  }

  /** Of these, those that are imported before the fork. */
  findPreloaded(packages: ReadonlySet<string>): string | null {
    const found = this.#preload.find(({ url }) => packages.has(packageOf(url)))
    return found === undefined ? null : packageOf(found.url)
  }

  async find(options: PoolOptions): Promise<Found | Refusal> {
    const preload = this.#preload
    const found = await this.#zygotes.find(options, this.#isGuarding, preload)
    if ('zygote' in found) this.#noteClean(found)
    if (!('url' in found)) return found
    this.#refuse(found.url, found.why)
    // Another file may have come to the same.
    if (this.#preload === preload) this.#preload = this.#choose()
    return this.find(options)
  }

  /** A file has run, and has imported this, of what Vitest leaves to Node. */
  note(options: PoolOptions, file: string, imports: Imports): void {
    this.#learned.note(file, imports)
    if (++this.#noted < this.#nextLook) return
    this.#nextLook *= LOOK_FACTOR
    void this.#prepareBetter(options)
  }

  /** For the runs to come. */
  save(): void {
    this.#learned.save()
  }

  /** Files that come meanwhile are forked from the zygote that there is. */
  async #prepareBetter(options: PoolOptions): Promise<void> {
    for (;;) {
      const better = this.#choose()
      const known = new Set(this.#preload.map(({ url }) => url))
      if (better.every(({ url }) => known.has(url))) return
      const found = await this.#zygotes.find(options, this.#isGuarding, better)
      if ('url' in found) this.#refuse(found.url, found.why)
      else if ('zygote' in found) {
        this.#noteClean(found)
        this.#preload = better
        return
      } else return
    }
  }

  #noteClean({ report }: Found): void {
    const asked = new Set(this.#asked.map(({ url }) => url))
    this.#learned.noteClean(report.preloaded.filter(({ url }) => !asked.has(url)))
  }

  #refuse(url: string, why: string): void {
    this.#learned.refuse(url, why)
    // What comes before it was imported, and there was nothing to say against it.
    if (++this.#refused >= MOST_GUESSED_WRONG)
      this.#guessed = this.#guessed.slice(0, Math.max(0, this.#guessed.indexOf(url)))
  }

  #choose(): readonly Preload[] {
    if (this.#refused >= MOST_REFUSED) return this.#asked
    const asked = new Set(this.#asked.map(({ url }) => url))
    const isEligible = (url: string): boolean =>
      !asked.has(url) && !this.#mocked.has(packageOf(url)) && !isOfRunner(url)
    const learned = this.#learned.choose(isEligible)
    const known = new Set(learned.map(({ url }) => url))
    const guessed = this.#guessed.filter(
      url => isEligible(url) && !known.has(url) && !this.#learned.isRefused(url),
    )
    return [...this.#asked, ...learned, ...guessed.map(url => ({ url, isTrusted: false }))]
  }
}
