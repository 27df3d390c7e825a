import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type ModuleRegistry, type RecordedModules, sharedState } from 'forkpoint/adapter'
import type { JestRuntime } from './jest-runtime.ts'
import { findRegistries } from './module-registries.ts'
import { RUNNER_CODE } from './runner-code.ts'

/** A module as Jest keeps it: of CommonJS, or of ES, as node:vm has it. */
interface JestModule {
  exports?: unknown
  loaded?: boolean
  namespace?: object
  status?: string
}

/** What evaluation gives a module of CommonJS. */
const FIELDS = ['exports', 'loaded'] as const

/** Modules that Jest has loaded into the context of a test file, CommonJS and ES, and mocks that stand for modules. */
export class JestModuleRegistry implements ModuleRegistry {
  readonly #runtime: JestRuntime
  readonly #root: string

  /** @param root from where labels of modules are counted */
  constructor(runtime: JestRuntime, root: string) {
    this.#runtime = runtime
    this.#root = root
  }

  labelOf(exported: object, labels: readonly string[]): string | null {
    for (const [key, module] of this.#list()) {
      if (module.exports !== exported && namespaceOf(module) !== exported) continue
      const path = key.startsWith('file://') ? fileURLToPath(key) : (key.split('?')[0] ?? key)
      const label = relative(this.#root, path).replaceAll('\\', '/')
      if (labels.includes(label)) return label
    }
    return null
  }

  record(): RecordedModules {
    const { mocks, record } = findRegistries(this.#runtime)
    const putBack = record()
    const modules = this.#list()
    const values = modules.map(([, module]) => FIELDS.map(field => module[field]))
    const mocked = mocks.flatMap(registry => [...registry.values()])
    return {
      visit: visit => {
        const { excluded } = sharedState()
        const isExcluded = (value: unknown): boolean => isObject(value) && excluded.has(value)
        for (const [key, module] of modules) {
          if (RUNNER_CODE.test(key.replaceAll('\\', '/'))) continue
          const namespace = namespaceOf(module)
          if (isExcluded(module.exports) || isExcluded(namespace)) continue
          visit(module.exports)
          if (namespace !== undefined) visitNamespace(namespace, visit)
        }
        for (const mock of mocked) {
          const namespace = isObject(mock) ? namespaceOf(mock) : undefined
          if (namespace === undefined) visit(mock)
          else visitNamespace(namespace, visit)
        }
      },
      restore: () => {
        putBack()
        for (const [i, [, module]] of modules.entries()) {
          for (const [n, field] of FIELDS.entries()) {
            const value = values[i]?.[n]
            if (module[field] !== value) Object.assign(module, { [field]: value })
          }
        }
        // What is exposed was evaluated by Jest, and so forgotten.
        return () => true
      },
    }
  }

  #list(): Array<[key: string, module: JestModule]> {
    const { modules } = findRegistries(this.#runtime)
    return modules.flatMap(registry => [...registry] as Array<[string, JestModule]>)
  }
}

/** Of a module of ES that has been evaluated; a promise stands for one that is being loaded. */
function namespaceOf(module: JestModule): object | undefined {
  const { status } = module
  return status === 'evaluated' || status === 'linked' || status === 'evaluating'
    ? module.namespace
    : undefined
}

/** Its variables belong to the module: the values are what can be reached. One that is not initialized yet throws. */
function visitNamespace(namespace: object, visit: (value: unknown) => void): void {
  for (const key of Object.getOwnPropertyNames(namespace)) {
    try {
      visit(Reflect.get(namespace, key))
    } catch {}
  }
}

function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function'
}
