import type { Outcome } from 'forkpoint/adapter'
import { failBranch } from './failed-branch.ts'
import type { Task } from './internals.ts'
import type { RpcCalls } from './rpc-calls.ts'
import { type Progress, packResults, type Shipment, unpackTasks } from './shipment.ts'
import { applySnapshotChanges, snapshotStateOf } from './snapshot-changes.ts'
import type { TaskUpdates } from './task-updates.ts'

/**
 * The outside of branches: makes a task here what it has become in its branch, and Vitest pass over it, as if it were
 * skipped. Passing over is a mode of the task that has to be undone before anybody looks at it.
 */
export class Outside {
  readonly #runner: object
  readonly #rpc: RpcCalls
  readonly #updates: TaskUpdates
  readonly #undos: Array<() => void> = []

  constructor(runner: object, rpc: RpcCalls, updates: TaskUpdates) {
    this.#runner = runner
    this.#rpc = rpc
    this.#updates = updates
  }

  /**
   * @param progress what branches for earlier tries of the task have said
   * @returns why the run was cancelled while the branch had its ear, if it was
   */
  settle(task: Task, outcome: Outcome, startTime: number, progress: Progress | null): string | null {
    const events = [...(progress?.events ?? [])]
    let isBegun = progress?.isBegun ?? false
    let cancelled: string | null = null
    if (outcome.kind === 'value') {
      const shipment = outcome.value as Extract<Shipment, { kind: 'done' }>
      unpackTasks(task, shipment.tasks)
      if (shipment.snapshots) {
        applySnapshotChanges(snapshotStateOf(this.#runner, task.file.filepath), shipment.snapshots)
      }
      events.push(...shipment.events)
      isBegun ||= shipment.isBegun
      cancelled = shipment.cancelled
    } else {
      this.#rpc.disown()
      task.result = failBranch(task, outcome, startTime)
    }
    this.#updates.settle(task.id, { packs: packResults(task), events, isBegun })
    const { mode, result } = task
    task.mode = 'skip'
    this.#undos.push(() => {
      task.mode = mode
      if (result !== undefined) task.result = result
    })
    return cancelled
  }

  /** Gives all passed over tasks their mode back, and the result that passing over has replaced. */
  undoPassing(): void {
    for (const undo of this.#undos.splice(0)) undo()
  }
}
