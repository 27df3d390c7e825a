import { fileURLToPath } from 'node:url'
import { ForkpointError, type ResolvedOptions, START_FLAGS, tuningFlags } from 'forkpoint/adapter'
import type { TestProject } from 'vitest/node'
import { OPTIONS_KEY } from './options-key.ts'

const RUNNER = fileURLToPath(new URL('./vitest-runner.mjs', import.meta.url))

/** The pool whose workers are processes, and can be started with flags. */
const PROCESS_POOL = 'forks'

/**
 * Makes a project run its tests with forkpoint's runner. Works on the resolved configuration: that way it is the same in
 * Vitest 4.1 and 5.1, and for projects that don't extend the root's plugins.
 */
export function configureProject(project: TestProject, options: ResolvedOptions): void {
  const { config } = project
  // In a browser there is no process to roll back.
  if (config.browser?.enabled) return
  if (config.runner !== undefined && config.runner !== RUNNER) {
    throw new ForkpointError(
      'ERR_FORKPOINT_CONFIG',
      `Two runners want to run the tests: \`test.runner\` is set to "${config.runner}", and forkpoint brings its own. ` +
        'Remove `test.runner`, or remove forkpoint from this project.',
    )
  }
  const pool = String(config.pool)
  if (pool !== PROCESS_POOL && options.engine === 'fork') {
    throw new ForkpointError(
      'ERR_FORKPOINT_CONFIG',
      `The fork engine was asked for by name, but \`test.pool\` is '${pool}', whose workers are not processes of their own. ` +
        `Remove \`test.pool\` or set it to '${PROCESS_POOL}', or set forkpoint's \`engine\` to 'auto'.`,
    )
  }
  config.runner = RUNNER
  if (pool === PROCESS_POOL && options.engine !== 'off') config.execArgv = addFlags(config.execArgv)
  project.provide(OPTIONS_KEY as never, options as never)
}

/** The flags of the fork engine after the project's own, which keep the last word where a flag only tunes. */
function addFlags(own: readonly string[]): string[] {
  const given = new Set(own.map(flag => flag.split('=')[0]))
  const tuning = tuningFlags(process.versions.node).filter(flag => !given.has(flag.split('=')[0]))
  return [...own.filter(flag => !START_FLAGS.includes(flag)), ...START_FLAGS, ...tuning]
}
