import { type ModuleRegistry, NodeModules, type RecordedModules, sharedState } from 'forkpoint/adapter'
import { missing, workerState } from './internals.ts'
import { RUNNER_CODE } from './runner-code.ts'

/** A module as Vite's runner keeps it, the same in Vitest 4.1 and 5.1. */
interface ModuleNode {
  id: string
  promise: unknown
  exports: unknown
  evaluated: boolean
  meta: unknown
}

interface EvaluatedModules {
  idToModuleMap: Map<string, ModuleNode>
  urlToIdModuleMap: Map<string, ModuleNode>
  fileToModulesMap: Map<string, Set<ModuleNode>>
}

/** What `vi.resetModules` takes from a module, and evaluation gives it. */
const FIELDS = ['promise', 'exports', 'evaluated', 'meta'] as const

/** Registries of mocks, by test file. */
interface Mocker {
  registries?: Map<string, { registryByUrl: Map<unknown, unknown>; registryById: Map<unknown, unknown> }>
}

/** Modules that Vitest evaluates or has imported, mocks that stand for modules, and those that it leaves to others. */
export class VitestModules implements ModuleRegistry {
  readonly #others: ModuleRegistry

  /** @param others CommonJS modules of Node, or those of a context */
  constructor(others: ModuleRegistry = new NodeModules()) {
    this.#others = others
  }

  labelOf(exported: object, labels: readonly string[]): string | null {
    const node = [...evaluatedModules().idToModuleMap.values()].find(({ exports }) => exports === exported)
    if (node === undefined) return this.#others.labelOf(exported, labels)
    const path = node.id.split('?')[0] ?? node.id
    const fitting = labels.filter(label => path === label || path.endsWith(`/${label}`))
    return fitting.sort((a, b) => b.length - a.length)[0] ?? null
  }

  record(): RecordedModules {
    const others = this.#others.record()
    const { idToModuleMap, urlToIdModuleMap, fileToModulesMap } = evaluatedModules()
    const nodes = [...idToModuleMap.values()].map(node => [node, FIELDS.map(field => node[field])] as const)
    const maps: Array<readonly [Map<unknown, unknown>, ReadonlyMap<unknown, unknown>]> = [
      idToModuleMap,
      urlToIdModuleMap,
      fileToModulesMap,
      ...mockRegistries(),
    ].map(map => [map, new Map(map as Map<unknown, unknown>)])
    const sets = [...fileToModulesMap.values()].map(set => [set, [...set]] as const)
    return {
      visit: visit => {
        others.visit(visit)
        const { excluded } = sharedState()
        for (const [{ id, exports }] of nodes) {
          if (RUNNER_CODE.test(id) || (isObject(exports) && excluded.has(exports))) continue
          visitExports(exports, visit)
        }
      },
      restore: () => {
        others.restore()
        for (const [map, entries] of maps) fill(map, entries)
        for (const [set, values] of sets) {
          set.clear()
          for (const value of values) set.add(value)
        }
        for (const [node, values] of nodes) {
          FIELDS.forEach((field, i) => {
            if (node[field] !== values[i]) Object.assign(node, { [field]: values[i] })
          })
        }
        // What is exposed was evaluated by Vitest, and so forgotten.
        return () => true
      },
    }
  }
}

function evaluatedModules(): EvaluatedModules {
  const found = (workerState() as { evaluatedModules?: EvaluatedModules }).evaluatedModules
  if (found?.idToModuleMap === undefined) throw missing('globalThis.__vitest_worker__.evaluatedModules')
  return found
}

function mockRegistries(): Map<unknown, unknown>[] {
  const { __vitest_mocker__: mocker } = globalThis as { __vitest_mocker__?: Mocker }
  const registries = [...(mocker?.registries?.values() ?? [])]
  return registries.flatMap(({ registryByUrl, registryById }) => [registryByUrl, registryById])
}

/** The namespace of an ES module that Vitest has not evaluated itself: its values are what can be reached. */
function visitExports(exports: unknown, visit: (value: unknown) => void): void {
  visit(exports)
  if (!isObject(exports)) return
  for (const { value } of Object.values(Object.getOwnPropertyDescriptors(exports))) visit(value)
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

function fill(map: Map<unknown, unknown>, entries: ReadonlyMap<unknown, unknown>): void {
  const isSame = map.size === entries.size && [...entries].every(([key, value]) => map.get(key) === value)
  if (isSame) return
  map.clear()
  for (const [key, value] of entries) map.set(key, value)
}
