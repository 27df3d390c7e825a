import { fileURLToPath } from 'node:url'
import {
  chooseEngine,
  describeRecovery,
  type EngineName,
  ForkpointError,
  packRules,
  type Refusal,
  type ResolvedOptions,
  recoverJournals,
} from 'forkpoint/adapter'
import type { TestProject } from 'vitest/node'
import { addStartFlags } from './add-start-flags.ts'
import { findObstacle } from './find-obstacle.ts'
import { OPTIONS_KEY } from './options-key.ts'
import { FilePool } from './pool/file-pool.ts'
import { findFilesObstacle } from './pool/find-files-obstacle.ts'
import { Forking } from './pool/forking.ts'

/** In a worker the fork engine may turn out not to run; by then the sources have been read without the variables exposed. */
const NOT_CHOSEN: Refusal = {
  engine: 'heap',
  check: 'transform',
  why: 'the sources of this project are not transformed for it',
  remedy: "ask for it by name: `engine: 'heap'`",
}

const pathOf = (name: string): string => fileURLToPath(new URL(name, import.meta.url))

const RUNNER = pathOf('./vitest-runner.mjs')

/** Where test files, and the runner, run in contexts of node:vm. */
const CONTEXT_RUNNER = pathOf('./vitest-context-runner.mjs')
const CONTEXT_POOLS: ReadonlySet<string> = new Set(['vmThreads', 'vmForks'])

/**
 * Makes a project run its tests with forkpoint's runner. Works on the resolved configuration: that way it is the same in
 * Vitest 4.1 and 5.1, and for projects that don't extend the root's plugins.
 *
 * @returns the engine that the project's workers are prepared for
 */
export function configureProject(project: TestProject, options: ResolvedOptions): EngineName | 'off' {
  const { config } = project
  // In a browser there is no process to roll back.
  if (config.browser?.enabled) return 'off'
  const runner = CONTEXT_POOLS.has(String(config.pool)) ? CONTEXT_RUNNER : RUNNER
  if (config.runner !== undefined && config.runner !== runner) {
    throw new ForkpointError(
      'ERR_FORKPOINT_CONFIG',
      `Two runners want to run the tests: \`test.runner\` is set to "${config.runner}", and forkpoint brings its own. ` +
        'Remove `test.runner`, or remove forkpoint from this project.',
    )
  }
  for (const line of describeRecovery(recoverJournals(config.root)))
    process.stderr.write(`[forkpoint] ${line}\n`)
  const { pool, detectAsyncLeaks } = config
  const obstacle = findObstacle({ pool: String(pool), detectAsyncLeaks: detectAsyncLeaks === true })
  // An engine asked for by name that can't run is an error here, once, and not in every worker.
  const candidates = [
    { name: 'fork' as const, refuse: () => obstacle },
    { name: 'heap' as const, refuse: () => null },
  ]
  const chosen = chooseEngine(options.engine, candidates).chosen?.name
  config.runner = runner
  if (chosen === 'fork') config.execArgv = addStartFlags(config.execArgv)
  const heapObstacle = chosen === 'heap' ? null : NOT_CHOSEN
  const provided = { options: { ...options, rules: packRules(options.rules) }, obstacle, heapObstacle }
  project.provide(OPTIONS_KEY as never, provided as never)
  if (options.files === 'fork') forkFiles(project, options, chosen ?? 'off')
  return chosen ?? 'off'
}

/** Replaces the pool of a project by one that forks; where that can't be done, the summary says why not. */
function forkFiles(project: TestProject, options: ResolvedOptions, engine: EngineName | 'off'): void {
  const { config, vitest } = project
  const forking = Forking.of(vitest)
  const { zygotes, starts } = forking
  const obstacle = findFilesObstacle({ config, options, engine })
  if (obstacle !== null) {
    starts.noteProject(obstacle)
    return
  }
  const pool = new FilePool(zygotes, options, starts)
  forking.add(pool)
  Object.assign(config, { pool: pool.name, poolRunner: pool })
}
