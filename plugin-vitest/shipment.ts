import type { RunnerTaskResult, RunnerTaskResultPack } from 'vitest'
import { isSuite, type Task, type Test, type TestFile, tasksBelow } from './internals.ts'
import type { PastTry } from './retry-replay.ts'
import type { FixtureName } from './scoped-fixtures.ts'
import type { SnapshotChanges } from './snapshot-changes.ts'
import type { UnsentUpdates } from './task-updates.ts'

/** What a task has become in a branch. */
export interface TaskShipment {
  id: string
  mode: Task['mode']
  result: RunnerTaskResult | undefined
  meta: object
  annotations: Test['annotations']
  artifacts: Test['artifacts']
}

export interface Progress extends UnsentUpdates {
  /** The branch's task first, then what is below it. */
  tasks: TaskShipment[]
}

/** What a branch says when it ends. */
export type Shipment =
  | (Progress & { kind: 'done'; snapshots: SnapshotChanges | null; cancelled: string | null })
  | (Progress & { kind: 'next-try'; tries: PastTry[] })
  | (UnsentUpdates & { kind: 'fixture'; fixture: FixtureName })

export function idsOf(task: Task): Set<string> {
  return new Set([task.id, ...(isSuite(task) ? [...tasksBelow(task)].map(({ id }) => id) : [])])
}

export function packTasks(task: Task): TaskShipment[] {
  const all = [task, ...(isSuite(task) ? tasksBelow(task) : [])]
  return all.map(each => ({
    id: each.id,
    mode: each.mode,
    result: each.result,
    meta: { ...each.meta },
    annotations: isSuite(each) ? [] : [...each.annotations],
    artifacts: isSuite(each) ? [] : [...each.artifacts],
  }))
}

/** Makes the tasks here what they had become in the branch. */
export function unpackTasks(task: Task, shipments: readonly TaskShipment[]): void {
  const byId = new Map(shipments.map(shipment => [shipment.id, shipment]))
  for (const each of [task, ...(isSuite(task) ? tasksBelow(task) : [])]) {
    const shipment = byId.get(each.id)
    if (shipment === undefined) continue
    each.mode = shipment.mode
    if (shipment.result === undefined) delete each.result
    else each.result = shipment.result
    Object.assign(each.meta, shipment.meta)
    if (isSuite(each)) continue
    each.annotations.splice(0, each.annotations.length, ...shipment.annotations)
    each.artifacts.splice(0, each.artifacts.length, ...shipment.artifacts)
  }
}

/** The task and what is below it, as Vitest sends them to the main process. */
export function packResults(task: Task): RunnerTaskResultPack[] {
  const all = [task, ...(isSuite(task) ? tasksBelow(task) : [])]
  return all.map(({ id, result, meta }) => [id, result, meta])
}

/** What the branches of a test's earlier tries have said, with what the next one adds. */
export function mergeProgress(before: Progress | null, next: Progress): Progress {
  if (before === null) return next
  return { ...next, events: [...before.events, ...next.events], isBegun: before.isBegun || next.isBegun }
}

/** One of a file's tasks, or the file itself, as Vitest sends it. */
export function packTask(file: TestFile, id: string): RunnerTaskResultPack | null {
  for (const task of [file, ...tasksBelow(file)]) if (task.id === id) return [id, task.result, task.meta]
  return null
}
