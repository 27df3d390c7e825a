import type { Reply } from './reply.ts'

/** How an engine runs code from a checkpoint. */
export interface RunFrom {
  /** Records the state now. @throws {ForkpointError} `ERR_FORKPOINT_BUSY`, or `ERR_FORKPOINT_STATE` for what can't be recorded */
  take(): Promise<void>
  run(body: () => unknown): Promise<Reply>
  release(): void
}
