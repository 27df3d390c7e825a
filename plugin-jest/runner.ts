import * as inspector from 'node:inspector'
import {
  chooseEngine,
  describeRecovery,
  type EngineName,
  type FileRecord,
  type ResolvedOptions,
  recoverJournals,
  START_FLAGS,
  tuningFlags,
} from 'forkpoint/adapter'
import { describeEnvironments } from './describe-environments.ts'
import { RECORD_EVENT } from './file-record.ts'
import { findHeapObstacle, findObstacle } from './find-obstacle.ts'
import { loadJestModule } from './jest-modules.ts'
import { prepareTests, readAll } from './prepare-tests.ts'
import { RunSummary } from './run-summary.ts'
import type { JestRunnerClass, RunConfig, RunOptions, TestFile, Watcher } from './runner-class.ts'
import { usesForkpoint } from './uses-forkpoint.ts'

const jestRunner = loadJestModule('jest-runner') as { default: JestRunnerClass }
const TestRunner: JestRunnerClass = jestRunner.default

/** Jest's runner, which starts the processes that it runs tests in so that they can be rolled back, and sums up at the end. */
export default class ForkpointRunner extends TestRunner {
  readonly #config: RunConfig
  readonly #summary: RunSummary

  constructor(config: RunConfig, context: object) {
    super(config, context)
    this.#config = config
    this.#summary = RunSummary.get()
    for (const line of describeRecovery(recoverJournals(config.rootDir)))
      process.stderr.write(`[forkpoint] ${line}\n`)
  }

  override async runTests(tests: readonly TestFile[], watcher: Watcher, options: RunOptions): Promise<void> {
    const resolved = readAll(tests)
    this.#summary.begin(this.#config, resolved)
    for (const line of describeEnvironments(tests)) process.stderr.write(`[forkpoint] ${line}\n`)
    const note = (record: FileRecord): void => this.#summary.add(record)
    const forget = this.on(RECORD_EVENT, note as never)
    process.on(RECORD_EVENT as never, note as never)
    try {
      const isForking = this.#wantsFork(resolved, tests, options)
      const serial = options.serial && !isForking
      const files = prepareTests(tests, !serial)
      const run = (): Promise<void> => super.runTests(files, watcher, { ...options, serial })
      await (isForking ? withFlags(run) : run())
    } finally {
      forget()
      process.off(RECORD_EVENT as never, note as never)
      this.#summary.end()
    }
  }

  /** Whether some of the tests may be rolled back by fork(2): only in a process of its own, and none that is debugged. */
  #wantsFork(all: readonly ResolvedOptions[], tests: readonly TestFile[], { serial }: RunOptions): boolean {
    const chosen = all.map(options => chooseFor(options, this.#config))
    const canFork = chosen.includes('fork') && inspector.url() === undefined
    if (!canFork || !serial) return canFork
    // Processes of their own cost more than a few small files.
    return all.some(({ hoist, scope }) => hoist || scope === 'all') || usesForkpoint(tests)
  }
}

/** @throws {ForkpointError} for an engine that is asked for by name and can't run: here, once, and not for every file */
function chooseFor(options: ResolvedOptions, config: RunConfig): EngineName | 'off' {
  const fork = { name: 'fork' as const, refuse: () => findObstacle(config) }
  const heap = { name: 'heap' as const, refuse: () => findHeapObstacle(config) }
  return chooseEngine(options.engine, [fork, heap]).chosen?.name ?? 'off'
}

/** jest-worker gives the processes it starts the flags of this one. */
async function withFlags(body: () => Promise<void>): Promise<void> {
  const { execArgv } = process
  const given = new Set(execArgv.map(flag => flag.split('=')[0]))
  const tuning = tuningFlags(process.versions.node).filter(flag => !given.has(flag.split('=')[0]))
  const added = [...START_FLAGS.filter(flag => !execArgv.includes(flag)), ...tuning]
  execArgv.push(...added)
  try {
    await body()
  } finally {
    for (const flag of added) execArgv.splice(execArgv.indexOf(flag), 1)
  }
}
