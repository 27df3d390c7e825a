import { muteOutput, type TestOutcome } from 'forkpoint/adapter'
import type { Test } from './internals.ts'
import { keepSnapshots } from './keep-snapshots.ts'
import { keepTest } from './keep-test.ts'
import type { RpcCalls } from './rpc-calls.ts'
import { type SnapshotState, watchSnapshots } from './snapshot-changes.ts'
import type { TaskUpdates } from './task-updates.ts'
import { outcomeOf } from './test-outcome.ts'

interface VerificationParts {
  rpc: RpcCalls
  updates: TaskUpdates
  snapshots: SnapshotState
  /** The test has run twice. */
  report(first: TestOutcome, second: TestOutcome): void
}

/**
 * A test that runs twice in this process: for Vitest it is repeated. The second run is one try, of which nobody is told; after it
 * the test is again what the first has made of it.
 */
export class Verification {
  readonly test: Test
  readonly #parts: VerificationParts
  readonly #repeats: Test['repeats']
  readonly #putSnapshotsBack: () => void
  #changes: ReturnType<typeof watchSnapshots>
  #first: TestOutcome | null = null
  #retries = 0
  #undo: (() => void) | null = null

  /** Before Vitest has begun with the test. */
  constructor(test: Test, parts: VerificationParts) {
    this.test = test
    this.#parts = parts
    this.#repeats = test.repeats
    this.#putSnapshotsBack = keepSnapshots(parts.snapshots)
    this.#changes = watchSnapshots(parts.snapshots)
    test.repeats = 1
  }

  /** The try at hand is the second run. */
  get isSecond(): boolean {
    return this.#undo !== null
  }

  /** Before each try. */
  async beginTry(): Promise<void> {
    const { result } = this.test
    const retries = result?.retryCount ?? 0
    const isRetry = retries > this.#retries
    this.#retries = retries
    if (this.#first === null || isRetry || result === undefined) return
    const { rpc, updates, snapshots } = this.#parts
    // What the first run has printed is on its way.
    await rpc.settle()
    const putTestBack = keepTest(this.test)
    const putSnapshotsBack = keepSnapshots(snapshots)
    this.#putSnapshotsBack()
    this.#changes = watchSnapshots(snapshots)
    result.state = 'run'
    result.retryCount = 0
    delete result.errors
    rpc.mute()
    const unmuteUpdates = updates.mute(this.test.id)
    const unmuteOutput = muteOutput()
    this.#undo = () => {
      unmuteOutput()
      rpc.unmute()
      putSnapshotsBack()
      putTestBack()
      unmuteUpdates()
    }
  }

  /** After each try. */
  endTry(): void {
    const { result } = this.test
    const outcome = outcomeOf(result, this.#changes(new Set([this.test.id])))
    if (!this.isSecond) {
      this.#first ??= outcome
      return
    }
    if (this.#first !== null) this.#parts.report(this.#first, outcome)
    // Whatever it was: Vitest is to end the test here, without another try.
    if (result === undefined) return
    result.state = 'pass'
    Reflect.deleteProperty(result, 'pending')
    delete result.errors
  }

  /** Vitest has ended the test. */
  async end(): Promise<void> {
    if (this.#undo !== null) await this.#parts.rpc.settle()
    this.#undo?.()
    if (this.#repeats === undefined) delete this.test.repeats
    else this.test.repeats = this.#repeats
  }
}
