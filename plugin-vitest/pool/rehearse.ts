import { join } from 'node:path'
import { expect } from 'vitest'
import { workerState } from '../internals.ts'
import type { GivenToZygote } from './given-to-zygote.ts'
import { rehearsedRpc } from './rehearsed-rpc.ts'
import type { WorkerLine } from './worker-line.ts'

/** Of the file that is rehearsed: it is on no disk. */
const NAME = 'forkpoint-rehearsal.test.js'

const IDS = { poolId: 1, workerId: 1 }

/** What a worker says that has done what it was told to. */
interface Done {
  error?: unknown
}

/** Of a worker's record: what it knows of modules. */
interface Modules {
  moduleExecutionInfo?: Map<string, unknown>
  evaluatedModules?: Record<'idToModuleMap' | 'urlToIdModuleMap' | 'fileToModulesMap', Map<string, unknown>>
}

/**
 * In a zygote: has a worker run a file with one test, from its start to its end, so that test files find loaded, compiled and made what
 * all of them need. They run as files do that are not the first ones of a worker; nothing is left of the file that was rehearsed.
 *
 * @param startWorker a worker of Vitest on this line, which calls these functions in place of the main process's
 * @param onLateError an error that nobody has caught, when the rehearsal is over
 * @throws what went wrong in it
 */
export async function rehearse(
  { config, environment, provided }: GivenToZygote,
  startWorker: (line: WorkerLine, rpc: object) => void,
  onLateError: (error: unknown) => void,
): Promise<void> {
  const path = join(config.root, NAME)
  const expected = Object.getOwnPropertyDescriptors(expect.getState())
  const listeners = new Set<(message: unknown) => void>()
  let settle = ({ error }: Done): void => onLateError(error)
  const line: WorkerLine = {
    post: message => settle(message as Done),
    on: listener => listeners.add(listener),
    off: listener => listeners.delete(listener),
  }
  const demand = async (type: 'start' | 'run', rest: object): Promise<void> => {
    const settleLater = settle
    const done = new Promise<Done>(resolve => {
      settle = resolve
    })
    for (const listener of [...listeners]) listener({ __vitest_worker_request__: true, type, ...rest })
    const { error } = await done
    settle = settleLater
    if (error !== undefined) throw error
  }
  startWorker(
    line,
    rehearsedRpc(path, error => settle({ error })),
  )
  const rehearsed = withoutUserCode(config)
  await demand('start', {
    ...IDS,
    options: { reportMemory: false },
    traces: { enabled: false },
    context: { environment, config: rehearsed, pool: config.pool },
  })
  const files = [{ filepath: path, fileTags: [] }]
  const context = {
    ...IDS,
    config: rehearsed,
    environment,
    files,
    providedContext: provided,
    invalidates: [],
  }
  await demand('run', { context })
  forget(path)
  restoreExpect(expected)
}

/** The configuration, as far as no code or file of the project is run or written. */
function withoutUserCode(config: GivenToZygote['config']): GivenToZygote['config'] {
  return {
    ...config,
    setupFiles: [],
    snapshotSerializers: [],
    snapshotEnvironment: undefined,
    diff: undefined,
    testNamePattern: undefined,
    coverage: { ...config.coverage, enabled: false },
    snapshotOptions: { ...config.snapshotOptions, updateSnapshot: 'none' },
  } as unknown as GivenToZygote['config']
}

function forget(path: string): void {
  const { moduleExecutionInfo, evaluatedModules } = workerState() as Modules
  moduleExecutionInfo?.clear()
  for (const map of Object.values({ ...evaluatedModules })) if (map instanceof Map) map.delete(path)
  for (const name of ['VITEST_POOL_ID', 'VITEST_WORKER_ID']) delete process.env[name]
}

/** Of the test that ran something would be known, and of a file's first test nothing. */
function restoreExpect(expected: PropertyDescriptorMap): void {
  const state = expect.getState()
  for (const key of Reflect.ownKeys(state)) Reflect.deleteProperty(state, key)
  Object.defineProperties(state, expected)
}
