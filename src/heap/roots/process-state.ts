import { EventEmitter } from 'node:events'
import { OwnProperties } from '../kinds/own-properties.ts'
import type { Report, Store } from '../unrestorable.ts'

type Visit = (value: unknown) => void

const { chdir, cwd, umask } = process

/**
 * What belongs to the process: its environment, folder, mask, title, exit code and listeners. In a worker thread folder, mask and
 * title are those of all threads, and can't be changed there.
 */
export class ProcessState implements Store {
  readonly #env: Record<string, string | undefined> = { ...process.env }
  readonly #cwd: string = cwd()
  readonly #umask: number | null = readMask()
  readonly #title: string = process.title
  readonly #exitCode: typeof process.exitCode = process.exitCode
  /** A variable of Node's behind a property. */
  readonly #maxListeners = EventEmitter.defaultMaxListeners
  readonly #own = new OwnProperties(process, key => !APART.has(key))

  /** Shows what is recorded as an object: the listeners. */
  visit(visit: Visit): void {
    visit((process as unknown as { _events: unknown })._events)
  }

  restore(report: Report): number {
    let repairs = this.#own.restore(report)
    repairs += this.#restoreEnvironment()
    if (readFolder() !== this.#cwd) {
      repairs++
      try {
        chdir(this.#cwd)
      } catch (error) {
        report(process, `its folder can't be entered again (${(error as Error).message})`)
      }
    }
    if (this.#umask !== null && readMask() !== this.#umask) {
      umask(this.#umask)
      repairs++
    }
    if (process.title !== this.#title) {
      process.title = this.#title
      repairs++
    }
    if (process.exitCode !== this.#exitCode) {
      process.exitCode = this.#exitCode
      repairs++
    }
    if (EventEmitter.defaultMaxListeners !== this.#maxListeners) {
      EventEmitter.defaultMaxListeners = this.#maxListeners
      repairs++
    }
    return repairs
  }

  #restoreEnvironment(): number {
    let repairs = 0
    const { env } = process
    for (const name of Object.keys(env)) {
      if (name in this.#env) continue
      delete env[name]
      repairs++
    }
    for (const [name, value] of Object.entries(this.#env)) {
      if (env[name] === value) continue
      env[name] = value
      repairs++
    }
    return repairs
  }
}

/** Of these the value is looked at by itself; of `_events` the object is recorded. */
const APART: ReadonlySet<PropertyKey> = new Set(['env', 'title', 'exitCode'])

/** Null in a worker thread, where it can only be read. */
function readMask(): number | null {
  try {
    const mask = umask(0)
    umask(mask)
    return mask
  } catch {
    return null
  }
}

/** Empty where the folder has been removed. */
function readFolder(): string {
  try {
    return cwd()
  } catch {
    return ''
  }
}
