import { missing } from './jest-modules.ts'
import type { JestRuntime } from './jest-runtime.ts'

type Owner = Record<string, unknown>
type Registry = Map<string, unknown>

/** Where Jest keeps what is loaded, and what is mocked, in one test file. */
export interface Registries {
  /** Modules of user code, by path or address; while `isolateModules` runs, those in it too. */
  modules: Registry[]
  /** What stands for modules that are mocked. */
  mocks: Registry[]
  /** Has all of that, and what is to be mocked, be again what it is now. */
  record(): () => void
}

/** Of all that the owners have, what is state; the rest are caches of files, or other parts of Jest. One that is not there is passed over. */
const FIELDS = {
  modules: ['moduleRegistry', 'esModuleRegistry', 'cjs', 'esm'],
  mocks: ['mockRegistry', 'moduleMockRegistry', 'mock', 'moduleMock'],
  others: [
    'isolation',
    'shouldAutoMock',
    'explicitCjsMock',
    'explicitEsmMock',
    'cjsFactories',
    'esmFactories',
    'virtualCjsMocks',
    'virtualEsmMocks',
    'shouldMockCache',
    'shouldUnmockTransitiveDepsCache',
    'transitiveShouldMock',
    'onGenerateMockCallbacks',
  ],
} as const

/** The same in 29.7, and in 30 before 30.5: all in the runtime. */
const FIELDS_OF_RUNTIME = {
  modules: ['_moduleRegistry', '_esmoduleRegistry', '_isolatedModuleRegistry'],
  mocks: ['_mockRegistry', '_moduleMockRegistry', '_isolatedMockRegistry'],
  others: [
    '_shouldAutoMock',
    '_explicitShouldMock',
    '_explicitShouldMockModule',
    '_mockFactories',
    '_moduleMockFactories',
    '_virtualMocks',
    '_virtualModuleMocks',
    '_shouldMockModuleCache',
    '_shouldUnmockTransitiveDependenciesCache',
    '_transitiveShouldMock',
    '_onGenerateMock',
  ],
} as const

/** @throws {ForkpointError} `ERR_FORKPOINT_CONFIG` for a version that keeps them elsewhere */
export function findRegistries(runtime: JestRuntime): Registries {
  const { registries, mockState } = runtime as { registries?: Owner; mockState?: Owner }
  const isInRuntime = registries === undefined || mockState === undefined
  const isolation = (registries?.isolation ?? null) as Owner | null
  const owners = isInRuntime
    ? [runtime as unknown as Owner]
    : [registries, mockState, ...(isolation === null ? [] : [isolation])]
  const { modules, mocks, others } = isInRuntime ? FIELDS_OF_RUNTIME : FIELDS
  const list = (names: readonly string[]): Registry[] =>
    owners.flatMap(owner => names.map(name => owner[name])).filter(each => each instanceof Map)
  const found = { modules: list(modules), mocks: list(mocks) }
  if (found.modules.length < 2 || found.mocks.length < 2) throw missing('the registry of modules')
  return { ...found, record: () => record(owners, [...modules, ...mocks, ...others]) }
}

function record(owners: readonly Owner[], names: readonly string[]): () => void {
  const fields = owners.flatMap(owner =>
    names.filter(name => name in owner).map(name => ({ owner, name, value: owner[name] })),
  )
  const collections = fields.flatMap(({ value }) =>
    value instanceof Map || value instanceof Set ? [[value, [...value]] as const] : [],
  )
  return () => {
    for (const { owner, name, value } of fields) if (owner[name] !== value) owner[name] = value
    for (const [collection, entries] of collections) fill(collection, entries)
  }
}

function fill(collection: Map<unknown, unknown> | Set<unknown>, entries: readonly unknown[]): void {
  const isMap = collection instanceof Map
  const isThere = (entry: unknown): boolean => {
    if (!isMap) return collection.has(entry)
    const [key, value] = entry as [unknown, unknown]
    return collection.has(key) && collection.get(key) === value
  }
  if (collection.size === entries.length && entries.every(isThere)) return
  collection.clear()
  for (const entry of entries) {
    if (isMap) collection.set(...(entry as [unknown, unknown]))
    else collection.add(entry)
  }
}
