import { ForkpointError, type ResolvedOptions } from 'forkpoint/adapter'

/**
 * Refuses what would have no effect with the heap engine: Jest has no way to run a test twice in its place.
 *
 * @throws {ForkpointError} `ERR_FORKPOINT_OPTION`
 */
export function refuseInPlace({ verify }: ResolvedOptions): void {
  if (verify === 0) return
  throw new ForkpointError(
    'ERR_FORKPOINT_OPTION',
    `\`verify: ${verify}\` is not available under Jest with the heap engine in this version of forkpoint; ` +
      'remove it, or use `verify: 0`, or the fork engine',
    { path: 'verify' },
  )
}
