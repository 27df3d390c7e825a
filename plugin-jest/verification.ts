import { muteOutput, type TestOutcome } from 'forkpoint/adapter'
import type { CircusState, RuntimeGlobals, Test } from './circus.ts'
import type { Environment } from './environment-class.ts'
import type { SharedLists } from './inside.ts'
import { insideTestCode } from './inside-test-code.ts'
import { keepSnapshots } from './keep-snapshots.ts'
import type { RunAgain } from './run-again.ts'
import { findSnapshotState, type SnapshotChanges } from './snapshot-part.ts'
import { outcomeInPlace } from './test-outcome.ts'

export interface VerificationParts {
  state: CircusState
  environment: Environment
  /** Jest's console for the file. */
  console: object
  expect: RuntimeGlobals['expect']
  lists: SharedLists
  runAgain: RunAgain
  /** What the test has given to `onRollback`. */
  runUndos(test: Test): Promise<void>
}

/** A try of a test, as the session has it. */
interface Try {
  begin(test: Test): Promise<void>
  end(test: Test): Promise<void>
}

/**
 * A test that runs twice in this process: as Jest has it, and once more, of which nobody is told; after that all that Jest keeps is
 * again what the first run has made of it.
 */
export class Verification {
  readonly test: Test
  readonly #parts: VerificationParts
  readonly #putSnapshotsBack: () => void
  readonly #takeSnapshots: () => SnapshotChanges

  /** Before the first run. */
  constructor(test: Test, parts: VerificationParts) {
    this.test = test
    this.#parts = parts
    this.#putSnapshotsBack = keepSnapshots(findSnapshotState(parts.expect), test)
    this.#takeSnapshots = this.#watchSnapshots()
  }

  #watchSnapshots(): () => SnapshotChanges {
    const { parts, snapshotsAt } = this.#parts.lists
    return parts[snapshotsAt]?.watch() as () => SnapshotChanges
  }

  /** The first run has ended, with all that circus makes of it. */
  async repeat(second: Try): Promise<[first: TestOutcome, second: TestOutcome]> {
    const { state, environment, expect, lists, runAgain, runUndos } = this.#parts
    const first = outcomeInPlace(this.test, lists, this.#takeSnapshots())
    const test = copyOf(this.test)
    const putBack = this.#makeRoom(test)
    try {
      const takeSnapshots = this.#watchSnapshots()
      await second.begin(test)
      await insideTestCode(environment, () => runAgain(test, state.testTimeout))
      addAssertionErrors(test, expect)
      await runUndos(test)
      await second.end(test)
      return [first, outcomeInPlace(test, lists, takeSnapshots())]
    } finally {
      putBack()
    }
  }

  /** What comes back undoes all that the second run does. */
  #makeRoom(second: Test): () => void {
    const { test } = this
    const { state, expect, console } = this.#parts
    const { _buffer: printed = [] } = console as { _buffer?: unknown[] }
    const { length } = printed
    const putSnapshotsBack = keepSnapshots(findSnapshotState(expect), test)
    const kept = { ...expect.getState() }
    const { errors, unhandledRejectionErrorByPromise: rejections } = test
    const known = new Set(rejections?.keys())
    const { currentlyRunningTest, unhandledErrors } = state
    this.#putSnapshotsBack()
    // Errors that nobody catches go to the one or the other, depending on the version.
    state.currentlyRunningTest = second
    state.unhandledErrors = test.errors = second.errors
    const unmute = muteOutput()
    return () => {
      unmute()
      Object.assign(state, { currentlyRunningTest, unhandledErrors })
      test.errors = errors
      for (const promise of rejections?.keys() ?? []) if (!known.has(promise)) rejections?.delete(promise)
      expect.setState(kept)
      putSnapshotsBack()
      printed.length = length
    }
  }
}

function copyOf(test: Test): Test {
  const own = { errors: [], retryReasons: [], invocations: 0, unhandledRejectionErrorByPromise: new Map() }
  return { ...test, ...own }
}

/** As circus does when a test has ended: what `expect.assertions()` misses, and what was put off. */
function addAssertionErrors(test: Test, expect: RuntimeGlobals['expect']): void {
  const { suppressedErrors = [], isExpectingAssertions = false } = expect.getState()
  expect.setState({ suppressedErrors: [] })
  test.errors.push(...suppressedErrors)
  const missed = expect.extractExpectedAssertionsErrors()
  // Since 30.5 only where nothing else has failed.
  const isSaid = isExpectingAssertions && test.errors.length > 0 && 'unhandledRejectionErrorByPromise' in test
  if (!isSaid) test.errors.push(...missed.map(({ error }) => error))
}
