import { ForkpointError, type ResolvedOptions, resolveOptions } from 'forkpoint/adapter'

/** As `resolveOptions`, for an option of which Jest has nothing. */
export function resolveJestOptions(given: unknown, env: NodeJS.ProcessEnv): ResolvedOptions {
  const options = resolveOptions(given, env)
  if (options.files === 'fork')
    throw new ForkpointError(
      'ERR_FORKPOINT_OPTION',
      "`files: 'fork'` is there for Vitest only: Jest starts its workers itself; remove it",
      { path: 'files' },
    )
  return options
}
