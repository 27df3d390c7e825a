import { fileURLToPath } from 'node:url'
import {
  type Preload,
  Reception,
  type Refusal,
  type Unsuitable,
  Zygote,
  type ZygoteReport,
} from 'forkpoint/adapter'
import type { PoolOptions, TestProject } from 'vitest/node'
import { addStartFlags } from '../add-start-flags.ts'
import { OPTIONS_KEY } from '../options-key.ts'
import type { WorkerOptions } from '../worker-options.ts'
import type { GivenToZygote } from './given-to-zygote.ts'
import { RUNNER_GLOBALS } from './runner-packages.ts'
import { versionsOf } from './versions-of.ts'

const ENTRY = fileURLToPath(new URL('./vitest-zygote.mjs', import.meta.url))

/** So many at once: a run of many projects needs one for each after the other. */
const MOST = 4

/** So many may end without having been asked to, before their files are left to the runner. */
const MOST_DEATHS = 3

/** A zygote that is ready, and what that took. */
export interface Found {
  zygote: Zygote
  report: ZygoteReport
}

interface Entry {
  zygote: Zygote
  usedAt: number
}

/** The zygotes of a run of Vitest: one for each project and environment, started when its first file comes. */
export class Zygotes {
  readonly #entries = new Map<string, Entry>()
  readonly #refusals = new Map<string, Refusal>()
  readonly #deaths = new Map<string, number>()
  #reception: Promise<Reception> | null = null
  #uses = 0

  /** One that is ready; or why the files of this project and environment have to be left to the runner's own pool. */
  async find(
    options: PoolOptions,
    isGuarding: boolean,
    preload: readonly Preload[],
  ): Promise<Found | Refusal | Unsuitable> {
    const { project, environment, execArgv, env } = options
    const urls = preload.map(({ url }) => url)
    const { name, options: given } = environment
    const key = JSON.stringify([project.name, name, given, execArgv, env, urls, versionsOf(urls)])
    const refused = this.#refusals.get(key)
    if (refused !== undefined) return refused
    this.#reception ??= Reception.open()
    const reception = await this.#reception
    // From here on nothing is awaited: files that come at once are to have one zygote.
    let entry = this.#entries.get(key)
    if (entry?.zygote.hasEnded) {
      this.#entries.delete(key)
      entry = undefined
      const deaths = (this.#deaths.get(key) ?? 0) + 1
      this.#deaths.set(key, deaths)
      if (deaths >= MOST_DEATHS) return this.#refuse(key, tooManyDeaths(deaths))
    }
    if (entry === undefined) {
      this.#makeRoom()
      const plan: GivenToZygote = {
        config: project.serializedConfig,
        environment: { name: environment.name, options: environment.options },
        isGuarding,
        provided: { [OPTIONS_KEY]: project.getProvidedContext()[OPTIONS_KEY as never] },
        isRehearsed: canBeRehearsed(project),
      }
      const { outputStream, errorStream } = project.vitest.logger
      const zygote = new Zygote({
        entry: ENTRY,
        execArgv: addStartFlags(execArgv),
        env: env as NodeJS.ProcessEnv,
        plan: { given: plan, preload, laterGlobals: project.config.globals ? RUNNER_GLOBALS : [] },
        stdout: outputStream,
        stderr: errorStream,
        reception,
      })
      entry = { zygote, usedAt: 0 }
      this.#entries.set(key, entry)
    }
    entry.usedAt = ++this.#uses
    const ready = await entry.zygote.ready
    if ('preloaded' in ready) return { zygote: entry.zygote, report: ready }
    if (this.#entries.get(key) === entry) this.#entries.delete(key)
    void entry.zygote.end()
    return 'url' in ready ? ready : this.#refuse(key, ready)
  }

  async close(): Promise<void> {
    const zygotes = [...this.#entries.values()].map(({ zygote }) => zygote)
    this.#entries.clear()
    this.#refusals.clear()
    await Promise.all(zygotes.map(zygote => zygote.end()))
    const reception = await this.#reception
    this.#reception = null
    reception?.close()
  }

  #refuse(key: string, refusal: Refusal): Refusal {
    this.#refusals.set(key, refusal)
    return refusal
  }

  /** The one that was used least recently goes, when it has no children. */
  #makeRoom(): void {
    if (this.#entries.size < MOST) return
    const idle = [...this.#entries].filter(([, { zygote }]) => zygote.isIdle)
    const [oldest] = idle.sort(([, one], [, other]) => one.usedAt - other.usedAt)
    if (oldest === undefined) return
    this.#entries.delete(oldest[0])
    void oldest[1].zygote.end()
  }
}

/** Not where more is asked of Vitest than to run tests, of which a rehearsal would be a part. */
function canBeRehearsed(project: TestProject): boolean {
  const { config } = project
  const { options } = project.getProvidedContext()[OPTIONS_KEY as never] as WorkerOptions
  const { openTelemetry } = config.experimental as { openTelemetry?: { enabled: boolean } }
  const isTraced = config.detectAsyncLeaks || openTelemetry?.enabled === true
  return config.mode === 'test' && options.scope === 'setup' && !isTraced
}

export function isRefusal(value: Found | Refusal): value is Refusal {
  return 'why' in value
}

function tooManyDeaths(deaths: number): Refusal {
  return {
    engine: 'fork',
    check: 'zygote',
    why: `the process that test files were forked from has died ${deaths} times`,
    remedy: 'see what it has printed',
  }
}
