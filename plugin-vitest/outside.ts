import type { Outcome } from 'forkpoint/adapter'
import { failBranch } from './failed-branch.ts'
import { isSuite, type Suite, type Task } from './internals.ts'
import { recordTest } from './record-test.ts'
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
   * A test, or a suite, ran in a branch.
   *
   * @param progress what branches for earlier tries of the task have said
   * @returns why the run was cancelled while the branch had its ear, if it was
   */
  settle(task: Task, outcome: Outcome, startTime: number, progress: Progress | null): string | null {
    const events = [...(progress?.events ?? [])]
    let isBegun = progress?.isBegun ?? false
    const shipment = this.#unpack(task, outcome, startTime, () => true)
    if (shipment !== null) {
      events.push(...shipment.events)
      isBegun ||= shipment.isBegun
    }
    if (!isSuite(task)) recordTest(task, true)
    this.#updates.settle(task.id, { packs: packResults(task), events, isBegun, isEnded: false })
    this.#passOver(task)
    return shipment?.cancelled ?? null
  }

  /**
   * The rest of a suite ran in a branch: these of the tasks below it, the one at hand first.
   *
   * @returns why the run was cancelled, if it was
   */
  settleRest(suite: Suite, rest: readonly Task[], outcome: Outcome, startTime: number): string | null {
    const [first] = rest
    if (first === undefined) return null
    if (outcome.kind !== 'value') return this.settle(first, outcome, startTime, null)
    const ids = new Set(rest.map(({ id }) => id))
    const shipment = this.#unpack(suite, outcome, startTime, id => ids.has(id))
    for (const task of rest) {
      // What the branch had not sent goes out with the first of them, and so do the results it is about.
      const told =
        task === first
          ? { packs: rest.flatMap(packResults), events: shipment?.events ?? [] }
          : { packs: [], events: [] }
      this.#updates.settle(task.id, { ...told, isBegun: true, isEnded: true })
    }
    for (const task of rest) this.#passOver(task)
    return shipment?.cancelled ?? null
  }

  /** The task runs in a branch that this process has nothing to do with. */
  passElsewhere(task: Task): void {
    this.#updates.settle(task.id, { packs: [], events: [], isBegun: true, isEnded: true })
    this.#passOver(task)
  }

  /** Gives all passed over tasks their mode back, and the result that passing over has replaced. */
  undoPassing(): void {
    for (const undo of this.#undos.splice(0)) undo()
  }

  #unpack(
    task: Task,
    outcome: Outcome,
    startTime: number,
    isWanted: (id: string) => boolean,
  ): Extract<Shipment, { kind: 'done' }> | null {
    if (outcome.kind !== 'value') {
      this.#rpc.disown()
      task.result = failBranch(task, outcome, startTime)
      return null
    }
    const shipment = outcome.value as Extract<Shipment, { kind: 'done' }>
    const wanted = shipment.tasks.filter(({ id }) => isWanted(id))
    unpackTasks(task, wanted)
    if (shipment.snapshots) {
      applySnapshotChanges(snapshotStateOf(this.#runner, task.file.filepath), shipment.snapshots)
    }
    this.#updates.forgetWaiting(shipment.sentInherited)
    return shipment
  }

  /** Skipped tasks are left as they are: that is what they have become. */
  #passOver(task: Task): void {
    const { mode, result } = task
    task.mode = 'skip'
    // Vitest takes a suite that has failed before it began for one that could not be read.
    if (isSuite(task)) delete task.result
    this.#undos.push(() => {
      task.mode = mode
      if (result !== undefined) task.result = result
    })
  }
}
