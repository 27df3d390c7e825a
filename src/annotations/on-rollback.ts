import { ForkpointError } from '../errors.ts'
import { sharedState } from '../state.ts'
import { noteUndo } from './declared.ts'

/**
 * Runs `undo` when the running test has ended, its hooks included: the newest first. With forkpoint on or off, so that the outcome
 * of the next test is the same.
 *
 * @throws {ForkpointError} `ERR_FORKPOINT_PLACE` outside a test
 * @example
 * await client.query('SAVEPOINT test')
 * onRollback(() => client.query('ROLLBACK TO test'))
 */
export function onRollback(undo: () => unknown): void {
  if (typeof undo !== 'function') {
    throw new ForkpointError(
      'ERR_FORKPOINT_PLACE',
      `Failed to register an undo: expected a function, received ${undo === null ? 'null' : typeof undo}.`,
    )
  }
  const { host } = sharedState()
  if (host?.registerUndo === undefined) {
    throw new ForkpointError(
      'ERR_FORKPOINT_PLACE',
      'Failed to register an undo: `onRollback()` was called outside a test runner. Call it in a test or in a ' +
        "`beforeEach` hook, and add forkpoint to the runner's configuration.",
    )
  }
  host.registerUndo(async () => {
    try {
      await undo()
    } catch (error) {
      sharedState().guard?.failedUndos.addError('An undo given to `onRollback()`', error)
      throw error
    }
  })
  noteUndo()
}
