import type { Call } from '../patches.ts'
import { Errno, type FailedCall, systemError } from './errno.ts'
import type { MemoryDisk } from './memory-disk.ts'

/** A function of `node:fs`, answered by a memory disk: what its synchronous form returns, or a `Pass` to the real one. */
export type VirtualCall = (disk: MemoryDisk, args: readonly unknown[], realSync: Call) => unknown

/** Runs a part of a call, and tells its caller in Node's words why it can't be done. */
export function inWordsOf<T>(call: FailedCall, run: () => T): T {
  try {
    return run()
  } catch (error) {
    throw error instanceof Errno ? systemError(error.code, call) : error
  }
}
