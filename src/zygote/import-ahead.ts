import type { Writable } from 'node:stream'
import type { Obstacle } from '../engine.ts'
import { now } from '../intrinsics.ts'
import { AddedGlobals, findAddedGlobals } from './added-globals.ts'
import { GlobalState } from './global-state.ts'
import type { Preload } from './learned-modules.ts'

/** A module that is not to be imported ahead, and why; null where it is none of those that were learned. */
export interface Unsuitable {
  url: string
  why: string
}

export interface Imported {
  preloaded: Array<{ url: string; ms: number }>
  unsuitable: Unsuitable | null
  /** They are in their places. */
  globals: AddedGlobals
}

/**
 * Imports modules, in this order. Of one that is not trusted it is looked whether its import does anything but give exports and add global
 * variables: what it changes, starts or prints, files would find that do not import it. The first such module is the last one.
 *
 * @param findObstacle what can't be copied by fork(2)
 * @param names of global variables that a module may ask for only when files run
 */
export async function importAhead(
  modules: readonly Preload[],
  findObstacle: () => Promise<Pick<Obstacle, 'why'> | null>,
  names: readonly string[],
): Promise<Imported> {
  const preloaded: Imported['preloaded'] = []
  const globals = new AddedGlobals()
  for (const { url, isTrusted } of modules) {
    const before = new Set(Reflect.ownKeys(globalThis))
    const look = isTrusted ? null : new Look(names)
    const start = now()
    try {
      await import(url)
    } catch (error) {
      if (look === null) throw error
      look.stop()
      return { preloaded, unsuitable: { url, why: 'it can not be imported by itself' }, globals }
    }
    preloaded.push({ url, ms: now() - start })
    look?.stop()
    const added = findAddedGlobals(before)
    globals.noteImport(url, added)
    if (look === null) continue
    const why = look.findFault(added) ?? (await findObstacle())?.why ?? null
    if (why !== null) return { preloaded, unsuitable: { url, why }, globals }
  }
  return { preloaded, unsuitable: null, globals }
}

/** A runner may have put a console of its own in the place of Node's. */
function streamsOfConsole(): Writable[] {
  const { _stdout, _stderr } = console as { _stdout?: Writable; _stderr?: Writable }
  return [_stdout, _stderr].filter(stream => stream !== undefined)
}

/** A look at what an import does, besides. */
class Look {
  readonly #before: GlobalState
  readonly #undo: Array<() => void> = []
  #seen: string | null = null

  constructor(names: readonly string[]) {
    this.#before = new GlobalState()
    for (const stream of new Set<Writable>([process.stdout, process.stderr, ...streamsOfConsole()])) {
      const { write } = stream
      stream.write = ((...args: Parameters<typeof write>) => {
        this.#seen ??= 'it prints when it is imported'
        return write.apply(stream, args)
      }) as typeof write
      this.#undo.push(() => {
        stream.write = write
      })
    }
    for (const name of names) {
      const own = Object.getOwnPropertyDescriptor(globalThis, name)
      const get = (): unknown => {
        this.#seen ??= `it looks for the global variable ${name} when it is imported`
        return own?.value
      }
      Object.defineProperty(globalThis, name, { configurable: true, get, set: () => {} })
      this.#undo.push(() => {
        if (own === undefined) Reflect.deleteProperty(globalThis, name)
        else Object.defineProperty(globalThis, name, own)
      })
    }
  }

  stop(): void {
    for (const undo of this.#undo) undo()
  }

  /** What the import has done besides, or null; after the end of the look. */
  findFault(added: ReadonlyMap<PropertyKey, unknown>): string | null {
    const change = this.#before.findChange(added)
    return this.#seen ?? (change === null ? null : `it changes ${change} when it is imported`)
  }
}
