import { type Entry, type Level, muteOutput } from 'forkpoint/adapter'
import type { SerializedConfig } from 'vitest'
import type { ActiveFile } from './active-file.ts'
import { Inside } from './inside.ts'
import { isSuite, isToRun, parentOf, type Task, type Test, tasksBelow, workerState } from './internals.ts'
import { Lock } from './lock.ts'
import { Outside } from './outside.ts'
import { repeatRandom } from './repeat-random.ts'
import { RpcCalls } from './rpc-calls.ts'
import type { Progress } from './shipment.ts'
import { skipPending } from './skip-pending.ts'
import { snapshotStateOf } from './snapshot-changes.ts'
import { TaskUpdates } from './task-updates.ts'
import { Verification } from './verification.ts'

export interface BranchesParts {
  runner: object
  /** Before a call to the main process. */
  beforeCall(): void
  config: SerializedConfig
  /** Vitest's own `onAfterRunFiles`, which reports coverage. */
  reportCoverage(files: Array<{ name: string }>): Promise<void>
  cancel(reason: string): void
}

/** The branches of one worker: what is under way in this process, and both sides of each. */
export class Branches {
  readonly rpc: RpcCalls
  readonly updates: TaskUpdates = new TaskUpdates()
  readonly #parts: BranchesParts
  readonly #outside: Outside
  /** Tasks that Vitest has come to, in this process or in those it branched from. */
  readonly #begun = new Set<Task>()
  /** Tests of suites with a level that run in this process now. */
  readonly #running = new Set<Test>()
  #inside: Inside | null = null
  #verification: Verification | null = null
  #lock = new Lock()
  #cancelled: string | null = null

  constructor(parts: BranchesParts) {
    this.#parts = parts
    this.rpc = new RpcCalls(parts.beforeCall)
    this.#outside = new Outside(parts.runner, this.rpc, this.updates)
  }

  /** Set when this process is a branch. */
  get inside(): Inside | null {
    return this.#inside
  }

  /** The test runs in this process, and is to run there twice. */
  verify(file: ActiveFile, level: Level, test: Test): void {
    this.#verification = new Verification(test, {
      rpc: this.rpc,
      updates: this.updates,
      snapshots: snapshotStateOf(this.#parts.runner, test.file.filepath),
      report: (first, second) => file.noteVerified(level, test, first, second),
    })
  }

  /** Of the test, if it runs in this process, and twice. */
  verificationOf(test: Test): Verification | null {
    return this.#verification?.test === test ? this.#verification : null
  }

  /** Only one task at a time decides where it runs: while a branch runs, this process stands still. */
  takeTurn(): Promise<() => void> {
    return this.#lock.acquire()
  }

  noteBegun(task: Task): void {
    this.#begun.add(task)
  }

  /** The test runs in this process. */
  noteRunning(test: Test): void {
    this.updates.release()
    this.#running.add(test)
  }

  noteEnded(test: Test): void {
    this.#running.delete(test)
  }

  /** The file has ended, and all that its tests are about. */
  forget(): void {
    this.#begun.clear()
    this.#running.clear()
    this.#verification = null
  }

  noteCancelled(reason: string): void {
    this.#cancelled = reason
  }

  /** No test runs in this process. One that skipped itself ended without a word. */
  isAlone(): boolean {
    for (const test of this.#running) if (test.result?.state !== 'run') this.#running.delete(test)
    return this.#running.size === 0
  }

  /** Nothing of the level's suite has begun that has not ended: a branch from here could run all the rest of it. */
  isAtEdge(file: ActiveFile, level: Level | null, task: Task): boolean {
    const isInSuite = level !== null && file.plan.levels.get(level) === parentOf(task)
    return isInSuite && this.isAlone() && this.#lock.waiting === 0
  }

  /**
   * How many tests of its suite Vitest comes to after `test`, with nothing in between; `most` at most. Tests of one name
   * count their snapshots together: the second one has to wait for the first.
   */
  countFollowing(test: Test, most: number): number {
    const suite = parentOf(test)
    if (suite === null || suite.shuffle || test.concurrent || this.#lock.waiting > 0) return 0
    const { tasks } = suite
    const names = new Set([test.name])
    let count = 0
    for (let index = tasks.indexOf(test) + 1; count < most; index++) {
      const next = tasks[index]
      if (next === undefined || isSuite(next) || next.concurrent) break
      if (!isToRun(next)) continue
      if (most > 1 && names.has(next.name)) break
      names.add(next.name)
      count++
    }
    return count
  }

  /** In a branch for a test: Vitest went on to `next` without a word, because the test was skipped from inside. */
  hasGonePast(next: Task): boolean {
    const task = this.#inside?.task
    return task !== undefined && task !== next && !isSuite(task) && task.result?.state === 'skip'
  }

  /** This process is now the branch for `task`. @param isMuted it is only looked at */
  goInside(file: ActiveFile, task: Task, entry: Entry & { side: 'inside' }, isMuted = false): Inside {
    const { runner, config, reportCoverage } = this.#parts
    repeatRandom()
    this.#lock = new Lock()
    this.#running.clear()
    // The process that branched counts failed tests, once it has the result.
    if (!isSuite(task)) config.bail = 0
    const host = {
      runner,
      rpc: this.rpc,
      updates: this.updates,
      // The main process keeps coverage by the names of the files it is for, and of one name the last.
      isMuted,
      reportCoverage:
        config.coverage?.enabled && !isMuted
          ? (branch: string) => reportCoverage([{ name: task.file.name }, { name: `forkpoint:${branch}` }])
          : null,
      cancelled: () => this.#cancelled,
    }
    this.#inside = new Inside(task, entry, host, () => this.endLevels(file, task))
    const { aside } = entry
    if (aside !== undefined) {
      this.rpc.askInstead(aside, () => this.updates.sendNow())
      aside.onTold(reason => this.#parts.cancel(reason as string))
    }
    // The random numbers of a test must not depend on whether something was due before it.
    if (aside !== undefined || isMuted || !this.updates.release()) this.rpc.skipId()
    if (isMuted) {
      this.rpc.mute()
      muteOutput()
    }
    return this.#inside
  }

  /** The task ran in a branch, which has ended. */
  settle(
    task: Task,
    { outcome, isBeside }: Entry & { side: 'outside' },
    startTime: number,
    progress: Progress | null,
  ): void {
    // Beside other branches, the main process is for this process alone.
    if (!isBeside) this.updates.hold()
    this.#cancelIf(this.#outside.settle(task, outcome, startTime, progress), task)
    // Where Vitest stands once it has left the task.
    workerState().current = parentOf(task) ?? undefined
  }

  /** The task runs in a branch of its own, which another process waits for. */
  passElsewhere(task: Task): void {
    this.updates.hold()
    this.#outside.passElsewhere(task)
  }

  /** The rest of a level's suite, from `first` on, runs in a branch. True: this process is the branch. */
  placeRest(file: ActiveFile, level: Level, first: Task, entry: Entry, startTime: number): boolean {
    const suite = file.plan.levels.get(level)
    if (suite === undefined) throw new TypeError('a level without a suite')
    if (entry.side === 'inside') {
      this.goInside(file, suite, entry)
      return true
    }
    this.updates.hold()
    const rest = [first, ...[...tasksBelow(suite)].filter(task => !this.#begun.has(task))]
    this.#cancelIf(this.#outside.settleRest(suite, rest, entry.outcome, startTime), suite)
    return false
  }

  /** Tasks that Vitest was made to pass over look again as if it had run them. */
  undoPassing(): void {
    this.#outside.undoPassing()
  }

  /** At the end of a branch for a suite: the teardowns of all that was built in it. */
  async endLevels(file: ActiveFile, task: Task): Promise<void> {
    this.undoPassing()
    if (isSuite(task)) await file.endLevels(file.planOf(task)?.level ?? null)
  }

  #cancelIf(reason: string | null, { file }: Task): void {
    if (reason === null) return
    this.#parts.cancel(reason)
    // After a failure (`bail`) Vitest leaves them pending.
    if (reason !== 'test-failure') skipPending(file, this.updates)
  }
}
