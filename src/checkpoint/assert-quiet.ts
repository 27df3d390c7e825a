import type { Obstacle } from '../engine.ts'
import { ForkpointError } from '../errors.ts'

/** @throws {ForkpointError} `ERR_FORKPOINT_BUSY` when something stands in the way, naming the first */
export function assertQuiet([obstacle]: readonly Obstacle[], verb: string): void {
  if (obstacle === undefined) return
  const { why, remedy, site } = obstacle
  const where = site === undefined ? '' : `, opened at ${site}`
  throw new ForkpointError('ERR_FORKPOINT_BUSY', `Failed to ${verb}: ${why}${where}. Remedy: ${remedy}.`)
}
