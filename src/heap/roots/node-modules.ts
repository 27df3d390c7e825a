import { createRequire } from 'node:module'
import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isObject } from '../uncurried.ts'
import type { ModuleRegistry, RecordedModules } from './module-registry.ts'

type Cache = Record<string, { exports: unknown } | undefined>

const { cache } = createRequire(import.meta.url) as unknown as { cache: Cache }

/** From where labels of modules are counted: the folder the process was started in. */
const base = process.cwd()

/** forkpoint itself, where a script has required it, is no state of the script's. */
const OWN = fileURLToPath(new URL('.', import.meta.url))

/**
 * CommonJS modules of Node. Its ES modules can't be listed, nor be forgotten.
 */
export class NodeModules implements ModuleRegistry {
  /** Loaded before user code: no state of it. */
  readonly #early: ReadonlySet<string> = new Set(Object.keys(cache))

  labelOf(exported: object, labels: readonly string[]): string | null {
    const found = Object.entries(cache).find(([, module]) => module?.exports === exported)
    const label = found && relative(base, found[0])
    return label !== undefined && labels.includes(label) ? label : null
  }

  record(): RecordedModules {
    const known = { ...cache }
    return {
      visit: visit => {
        for (const [name, module] of Object.entries(known)) {
          if (this.#early.has(name) || name.startsWith(OWN)) continue
          if (isObject(module?.exports)) visit(module.exports)
        }
      },
      restore: () => {
        const forgotten = new Set<string>()
        for (const name of Object.keys(cache)) {
          if (name in known || name.startsWith(OWN)) continue
          delete cache[name]
          forgotten.add(relative(base, name))
        }
        for (const [name, module] of Object.entries(known)) if (cache[name] !== module) cache[name] = module
        return label => forgotten.has(label)
      },
    }
  }
}
