import type { ModuleRegistry, RecordedModules } from 'forkpoint/adapter'
import { RUNNER_CODE } from './runner-code.ts'
import type { ContextLoader } from './vm-context.ts'

/** A module of ES as node:vm has it, or a promise of one. */
interface EsModule {
  status?: string
  namespace?: object
}

/** What Vitest has loaded into a context of node:vm of the packages that it leaves to Node elsewhere. */
export class ContextModules implements ModuleRegistry {
  readonly #loader: ContextLoader

  constructor(loader: ContextLoader) {
    this.#loader = loader
  }

  labelOf(exported: object, labels: readonly string[]): string | null {
    const { esm, cjs } = this.#loader
    const ofEs = [...esm.moduleCache].find(([, module]) => namespaceOf(module) === exported)
    const ofCommonJs = [...cjs.requireCache].find(([, { exports }]) => exports === exported)
    const path = (ofEs ?? ofCommonJs)?.[0]
    return labels.find(label => path?.endsWith(`/${label}`)) ?? null
  }

  record(): RecordedModules {
    const { esm, cjs } = this.#loader
    const caches: Array<Map<string, object>> = [esm.moduleCache, cjs.requireCache, cjs.moduleCache]
    const known = caches.map(cache => [cache, new Map(cache)] as const)
    const exportsOf = [...cjs.requireCache].map(([path, module]) => [path, module, module.exports] as const)
    return {
      visit: visit => {
        for (const [path, , exported] of exportsOf) if (!RUNNER_CODE.test(path)) visit(exported)
        for (const [url, module] of esm.moduleCache) {
          const namespace = RUNNER_CODE.test(url) ? undefined : namespaceOf(module)
          if (namespace !== undefined) visitNamespace(namespace, visit)
        }
      },
      restore: () => {
        for (const [cache, entries] of known) {
          for (const key of cache.keys()) if (!entries.has(key)) cache.delete(key)
          for (const [key, module] of entries) if (cache.get(key) !== module) cache.set(key, module)
        }
        for (const [, module, exported] of exportsOf) {
          if (module.exports !== exported) module.exports = exported
        }
        // What is exposed was evaluated by Vitest, and so forgotten.
        return () => true
      },
    }
  }
}

function namespaceOf(module: object): object | undefined {
  const { status, namespace } = module as EsModule
  return status === 'evaluated' || status === 'linked' || status === 'evaluating' ? namespace : undefined
}

/** Its variables belong to the module: the values are what can be reached. One that is not initialized yet throws. */
function visitNamespace(namespace: object, visit: (value: unknown) => void): void {
  for (const key of Object.getOwnPropertyNames(namespace)) {
    try {
      visit(Reflect.get(namespace, key))
    } catch {}
  }
}
