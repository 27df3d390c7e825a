import { type RootStore, readScopes } from 'forkpoint/adapter'
import { vi } from 'vitest'
import { missing } from './internals.ts'

/** Variables around `vi.fn`: what each mock is set to; those to be restored; those there are (4.1), those to be reset (5.1). */
const CONFIGS = 'MOCK_CONFIGS'
const SPIES = 'MOCK_RESTORE'
const LISTS = [SPIES, 'REGISTERED_MOCKS', 'DIRTY_MOCK_CONFIGS']

/** Variables around `vi.stubGlobal`: what `unstubAllGlobals` and `unstubAllEnvs` will put back. */
const STUBS = ['_stubsGlobal', '_stubsEnv']

/** Where Vitest keeps the state of its mocks, beside that which is on them. */
export interface MockState {
  /** What there is of mocks. */
  lists: RootStore
  /** What a mock is set to. */
  edgesOf(object: object): unknown
  /** From now on: whether there are spies that there were not. Vitest 5.1 defines them with a function that it took when it was loaded. */
  watchSpies(): () => boolean
}

export function findMockState(): MockState {
  const found = readScopes(vi.fn, [CONFIGS, ...LISTS])
  const configs = found.get(CONFIGS)
  if (!(configs instanceof WeakMap)) throw missing(`${CONFIGS} around vi.fn`)
  const stubs = readScopes(vi.stubGlobal, STUBS)
  if (stubs.size < STUBS.length) throw missing(`${STUBS.join(' and ')} around vi.stubGlobal`)
  const lists = [...LISTS.map(name => found.get(name)), ...stubs.values()]
  const get = WeakMap.prototype.get.bind(configs)
  return {
    lists: {
      visit: visit => {
        for (const list of lists) visit(list)
      },
      restore: () => 0,
    },
    edgesOf: get,
    watchSpies() {
      const spies = found.get(SPIES)
      if (!(spies instanceof Set)) return () => true
      const before = new Set(spies)
      return () => [...spies].some(spy => !before.has(spy))
    },
  }
}
