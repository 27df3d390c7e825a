import { ForkpointError, type ResolvedOptions, resolveOptions } from 'forkpoint/adapter'

/** Options that have no effect under Jest in this version, and their values that ask for none. */
const MISSING = [
  ['fs', 'real'],
  ['parallel', 1],
  ['verify', 0],
  ['audit', false],
] as const

/**
 * Every option with its value, from what stands in Jest's configuration.
 *
 * @throws {ForkpointError} `ERR_FORKPOINT_OPTION` for a wrong one, or one that this version does not have for Jest
 */
export function resolveJestOptions(given: unknown): ResolvedOptions {
  const options = resolveOptions(given, process.env)
  for (const [name, none] of MISSING) {
    if (options[name] === none) continue
    throw new ForkpointError(
      'ERR_FORKPOINT_OPTION',
      `\`${name}: ${JSON.stringify(options[name])}\` is not available under Jest in this version of forkpoint; ` +
        `remove it, or use \`${name}: ${JSON.stringify(none)}\``,
      { path: name },
    )
  }
  return options
}
