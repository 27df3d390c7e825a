import { inspect } from 'node:util'
import { ForkpointError, type ResolvedOptions, resolveOptions } from 'forkpoint/adapter'

/** Options that this version does not have for Jest: when one asks for something, and what to write instead. */
const MISSING: ReadonlyArray<{
  option: keyof ResolvedOptions
  isAsked(options: ResolvedOptions): boolean
  instead: string
}> = [
  { option: 'guard', isAsked: ({ guard }) => guard === 'strict', instead: "`guard: 'warn'`" },
  { option: 'rules', isAsked: ({ rules }) => rules.length > 0, instead: '`rules: []`' },
  { option: 'fs', isAsked: ({ fs }) => fs !== 'real', instead: "`fs: 'real'`" },
  { option: 'files', isAsked: ({ files }) => files !== 'runner', instead: "`files: 'runner'`" },
  { option: 'preload', isAsked: ({ preload }) => preload.length > 0, instead: '`preload: []`' },
  { option: 'parallel', isAsked: ({ parallel }) => parallel > 1, instead: '`parallel: 1`' },
  { option: 'verify', isAsked: ({ verify }) => verify > 0, instead: '`verify: 0`' },
  { option: 'audit', isAsked: ({ audit }) => audit, instead: '`audit: false`' },
]

/**
 * Every option with its value, from what stands in Jest's configuration.
 *
 * @throws {ForkpointError} `ERR_FORKPOINT_OPTION` for a wrong one, or one that this version does not have for Jest
 */
export function resolveJestOptions(given: unknown): ResolvedOptions {
  const options = resolveOptions(given, process.env)
  for (const { option, isAsked, instead } of MISSING) {
    if (!isAsked(options)) continue
    throw new ForkpointError(
      'ERR_FORKPOINT_OPTION',
      `\`${option}: ${inspect(options[option])}\` is not available under Jest in this version of forkpoint; ` +
        `remove it, or use ${instead}`,
      { path: option },
    )
  }
  return options
}
