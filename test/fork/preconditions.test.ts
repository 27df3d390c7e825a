import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import type { Addon, AddonRefusal } from '../../src/fork/addon.ts'
import { loadAddon } from '../../src/fork/addon.ts'
import { findRefusal, type Surroundings, surveyProcess } from '../../src/fork/preconditions.ts'
import { START_FLAGS } from '../../src/fork/start-flags.ts'

/** A process in which everything holds. */
const fine: Surroundings = {
  platform: 'linux',
  isMainThread: true,
  execArgv: ['--expose-gc', '--single-threaded', '--v8-pool-size=1'],
  addon: loadedAddon(),
  inspectorUrl: () => undefined,
  liveWorkers: () => 0,
  unknownThreads: () => [],
}

function loadedAddon(): Addon {
  const addon: Addon | AddonRefusal = loadAddon()
  if ('why' in addon) throw new Error(addon.why)
  return addon
}

const flagsRemedy = 'start it as: node --single-threaded --v8-pool-size=1'
const threadsRemedy = 'stop the native library before the setup returns, or use it in the test only'

const refusals: ReadonlyArray<
  [what: string, around: Partial<Surroundings>, check: string, why: string, remedy: string]
> = [
  [
    'Windows',
    { platform: 'win32' },
    'platform',
    'fork(2) does not exist on win32',
    "leave the engine to 'auto', which takes the heap engine here",
  ],
  [
    'a worker thread',
    { isMainThread: false },
    'main thread',
    'the tests run in a worker thread, and fork(2) copies only the calling thread',
    "run them in processes: remove the pool option, or set it to 'forks'",
  ],
  [
    'a missing addon',
    { addon: { why: 'the native addon is missing', remedy: 'build it' } },
    'addon',
    'the native addon is missing',
    'build it',
  ],
  [
    'no start flags',
    { execArgv: [] },
    'start flags',
    'Node was started without --single-threaded and --v8-pool-size=1',
    flagsRemedy,
  ],
  [
    'only one start flag',
    { execArgv: ['--single-threaded'] },
    'start flags',
    'Node was started without --v8-pool-size=1',
    flagsRemedy,
  ],
  [
    'only the other start flag, and more V8 threads',
    { execArgv: ['--v8-pool-size=1', '--single-threaded-gc'] },
    'start flags',
    'Node was started without --single-threaded',
    flagsRemedy,
  ],
  [
    'all but one of the flags of a runner',
    { execArgv: START_FLAGS.filter(flag => flag !== '--no-concurrent-recompilation') },
    'start flags',
    'Node was started without --single-threaded',
    flagsRemedy,
  ],
  [
    'a debugger',
    { inspectorUrl: () => 'ws://127.0.0.1:9229/1' },
    'debugger',
    'a debugger is attached, and a forked process can not be debugged',
    'debug without rollback, or run without --inspect',
  ],
  [
    'a live worker',
    { liveWorkers: () => 1 },
    'worker threads',
    '1 worker thread is alive, and would be dead in every test',
    'terminate workers before the setup returns, or start them in the test',
  ],
  [
    'several live workers',
    { liveWorkers: () => 3 },
    'worker threads',
    '3 worker threads are alive, and would be dead in every test',
    'terminate workers before the setup returns, or start them in the test',
  ],
  [
    'threads of native code',
    { unknownThreads: () => ['duckdb', 'grpc'] },
    'unknown threads',
    'native code has started threads that would be dead in every test: duckdb, grpc',
    threadsRemedy,
  ],
]

describe('the fork engine refuses', () => {
  test.each(refusals)('%s', (_, around, check, why, remedy) => {
    expect(findRefusal({ ...fine, ...around })).toEqual({ engine: 'fork', check, why, remedy })
  })

  test('with the first reason, in an order where each needs the ones before', () => {
    const seen: unknown[] = []
    const around = Object.assign({}, fine, ...refusals.map(([, entry]) => entry)) as Surroundings
    for (const check of [
      'platform',
      'addon',
      'isMainThread',
      'execArgv',
      'inspectorUrl',
      'liveWorkers',
    ] as const) {
      seen.push(findRefusal(around)?.check)
      Object.assign(around, { [check]: fine[check] })
    }
    expect([...seen, findRefusal(around)?.check]).toEqual([
      'platform',
      'addon',
      'main thread',
      'start flags',
      'debugger',
      'worker threads',
      'unknown threads',
    ])
  })
})

describe('the fork engine runs', () => {
  test.each(['linux', 'darwin'])('on %s, where everything else holds', platform => {
    expect(findRefusal({ ...fine, platform })).toBeNull()
  })

  test('with the flags a runner starts it with', () => {
    expect(findRefusal({ ...fine, execArgv: START_FLAGS })).toBeNull()
  })
})

test('threads that Node has by itself, or that were there before, are not unknown', () => {
  const threads: Array<[number, string, string]> = [
    [1, 'before', 'S'],
    [2, 'V8Worker', 'S'],
  ]
  const watch = { earlyThreads: new Set([1]), liveWorkers: () => 0, poolKnownIn: process.pid }
  const around = surveyProcess({ ...loadedAddon(), threads: () => threads }, watch)
  threads.push([3, 'libuv-worker', 'S'], [4, 'node:inspector', 'S'], [5, 'DelayedTaskSche', 'S'])
  expect(around.unknownThreads()).toEqual([])
  threads.push([6, 'duckdb', 'S'], [7, 'duckdb', 'R'], [8, 'node', 'S'])
  expect(around.unknownThreads()).toEqual(['duckdb', 'node'])
})

describe('in a real process', () => {
  const tell = (scenario: string, flags: readonly string[], script = 'refusals.mjs'): unknown => {
    const path = fileURLToPath(new URL(`scripts/${script}`, import.meta.url))
    const { stdout, stderr } = spawnSync(process.execPath, [...flags, path, scenario], { encoding: 'utf8' })
    expect(stderr).toBe('')
    return JSON.parse(stdout)
  }
  const workerAlive =
    '[forkpoint] Failed to take a checkpoint: 1 worker thread is alive, and would be dead in every test. Remedy: ' +
    'terminate workers before the setup returns, or start them in the test. (ERR_FORKPOINT_ENGINE)'
  const noFlags =
    '[forkpoint] Failed to take a checkpoint: Node was started without --single-threaded and --v8-pool-size=1. Remedy: ' +
    'start it as: node --single-threaded --v8-pool-size=1. (ERR_FORKPOINT_ENGINE)'

  test('a worker refuses the checkpoint as long as it lives', () => {
    expect(tell('worker', START_FLAGS)).toEqual([workerAlive, 'taken'])
  })

  test('a worker that was told to end refuses it until it has', () => {
    expect(tell('terminating', START_FLAGS)).toEqual([workerAlive, 'taken'])
  })

  test('a child process refuses it as long as it lives, and is named with the line that started it', () => {
    expect(tell('child', START_FLAGS)).toEqual([
      expect.stringMatching(
        /^\[forkpoint\] Failed to take a checkpoint: the child process `cat` is alive, and its state can not be rolled back, opened at \/.*\/refusals\.mjs:\d+:\d+\. Remedy: end it in a `beforeFork` callback and start it again in an `afterFork` callback, or start it in the tests\. \(ERR_FORKPOINT_BUSY\)$/,
      ),
      'taken',
    ])
  })

  test('a connection within the process does not, unless it is not over TCP or has something to be read', () => {
    const unread =
      '[forkpoint] Failed to take a checkpoint: work is in flight (data to be read on 1 connection within the process). ' +
      'Remedy: await it in the setup, or stop it before the setup returns. (ERR_FORKPOINT_BUSY)'
    const shared = expect.stringMatching(
      /^\[forkpoint\] Failed to take a checkpoint: a connection over @forkpoint-PID is open, and both its ends, which are in this process, would be shared by all tests, opened at .*refusals\.mjs:\d+:\d+\. Remedy: close it in a `beforeFork` callback/,
    )
    expect(tell('inside', START_FLAGS)).toEqual(['taken', unread, 'taken', shared, shared, 'taken'])
  })

  test('missing start flags refuse the checkpoint', () => {
    expect(tell('plain', [])).toEqual([noFlags])
  })

  test('the thread pool does not, whenever it started', () => {
    expect(tell('threadPool', START_FLAGS)).toBe(1)
    expect(tell('', START_FLAGS, 'thread-pool.cjs')).toBe(1)
  })
})
