import type { Entry } from 'forkpoint/adapter'
import { hooksOf, isSuite, parentOf, type Suite, type Task, type Test } from './internals.ts'
import { type PastTry, RetryReplay } from './retry-replay.ts'
import type { RpcCalls } from './rpc-calls.ts'
import type { FixtureName } from './scoped-fixtures.ts'
import { idsOf, type Progress, packTasks, type Shipment, unpackTasks } from './shipment.ts'
import { snapshotStateOf, watchSnapshots } from './snapshot-changes.ts'
import type { TaskUpdates } from './task-updates.ts'

/** Parts of the runner that a branch needs to end. */
export interface InsideHost {
  runner: object
  rpc: RpcCalls
  updates: TaskUpdates
  /** Reports the coverage of this process; null when none is taken. */
  reportCoverage: ((branch: string) => Promise<void>) | null
  /** Why the run was cancelled, if it was. */
  cancelled(): string | null
  /** Nothing of what happens here is told but to the process that branched. */
  isMuted: boolean
}

const NEVER: Promise<never> = new Promise(() => {})

/** This process is a branch, run for one task: it ends when the task has ended, and Vitest goes no further in it. */
export class Inside {
  readonly task: Task
  readonly #finish: (shipment: Shipment) => Promise<never>
  readonly #host: InsideHost
  readonly #ids: ReadonlySet<string>
  readonly #changes: ReturnType<typeof watchSnapshots>
  readonly #tries: PastTry[]
  #replay: RetryReplay | null = null
  #carried: Progress | null
  #liveTry: { errors: number; retries: number } | null = null
  #isEnding = false

  /** @param beforeEnd in a branch for the rest of a suite: what is to be done once all its tests have ended */
  constructor(
    task: Task,
    entry: Entry & { side: 'inside' },
    host: InsideHost,
    beforeEnd: () => Promise<void>,
  ) {
    this.task = task
    this.#finish = entry.finish
    this.#host = host
    this.#ids = idsOf(task)
    this.#tries = []
    this.#carried = null
    this.#changes = watchSnapshots(snapshotStateOf(host.runner, task.file.filepath))
    host.updates.own(this.#ids, task.id, entry.aside === undefined && !host.isMuted ? 'shared' : 'own')
    if (entry.of === 'suite') return
    // After a test that skips itself Vitest goes on without a word to the runner, into the hooks around it. And those of a
    // suite that was begun outside run there.
    for (
      let suite: Suite | null = isSuite(task) ? task : parentOf(task);
      suite !== null;
      suite = parentOf(suite)
    ) {
      const { afterAll } = hooksOf(suite)
      afterAll.splice(0, afterAll.length, async () => {
        await beforeEnd()
        return this.end()
      })
    }
  }

  /** The branch is for a later try of its test. `own` drives the replay: the hook around each try. */
  continueAfter(tries: readonly PastTry[], progress: Progress, own: unknown): RetryReplay {
    if (isSuite(this.task)) throw new TypeError('only tests are tried again')
    this.#tries.push(...tries)
    this.#carried = progress
    this.#replay = new RetryReplay(this.task, tries, own)
    this.#host.updates.dropRepeated(this.task.id, 'test-prepare', 1)
    this.#host.updates.dropRepeated(this.task.id, 'test-retried', tries.length)
    return this.#replay
  }

  get replay(): RetryReplay | null {
    return this.#replay !== null && !this.#replay.isOver ? this.#replay : null
  }

  /** At the start of each try but replayed ones. Does not return for the second: it needs a branch of its own. */
  async beginTry(test: Test): Promise<void> {
    if (this.#liveTry !== null) return this.#endForNextTry(test, this.#liveTry)
    if (this.#replay !== null && this.#carried !== null) {
      this.#replay.giveOptionsBack()
      const own = this.#carried.tasks[0]
      const result = test.result
      unpackTasks(test, this.#carried.tasks)
      // Vitest holds on to the result's object, so it stays and takes over the content.
      if (result !== undefined && own?.result !== undefined) {
        for (const key of Object.keys(result)) Reflect.deleteProperty(result, key)
        test.result = Object.assign(result, own.result)
      }
      this.#replay = null
    }
    this.#liveTry = { errors: test.result?.errors?.length ?? 0, retries: test.result?.retryCount ?? 0 }
  }

  /** Ends the branch: its task has ended. Vitest waits for ever. */
  async end(): Promise<never> {
    if (this.#isEnding) return NEVER
    this.#isEnding = true
    const snapshots = this.#changes(this.#ids)
    await this.#host.rpc.settle()
    if (this.#host.reportCoverage !== null) {
      await this.#host.reportCoverage(this.task.id)
      await this.#host.rpc.settle()
    }
    const { cancelled } = this.#host
    // A getter: the run may be cancelled until the last moment.
    const shipment = {
      kind: 'done' as const,
      ...this.#progress(),
      snapshots,
      get cancelled() {
        return cancelled()
      },
    }
    return this.#send(shipment)
  }

  /** Ends the branch: the fixture has to be made outside, and the test to start again. */
  async askFor(fixture: FixtureName): Promise<never> {
    this.#isEnding = true
    await this.#host.rpc.settle()
    return this.#send({ kind: 'fixture', fixture, ...this.#host.updates.takeUnsent() })
  }

  async #endForNextTry(test: Test, { errors, retries }: { errors: number; retries: number }): Promise<never> {
    this.#isEnding = true
    const { result } = test
    const isRetried = (result?.retryCount ?? 0) > retries
    // Vitest 5 resets the state before a repetition and keeps the attempts; Vitest 4 keeps the state.
    const attempts = (result as { attempts?: Array<{ state: string }> } | undefined)?.attempts
    const state = attempts?.at(-1)?.state ?? result?.state
    const past = {
      hasPassed: !isRetried && state === 'pass',
      errors: (result?.errors?.length ?? 0) - errors,
      isRetried,
    }
    await this.#host.rpc.settle()
    if (this.#host.reportCoverage !== null)
      await this.#host.reportCoverage(`${test.id}:${this.#tries.length}`)
    return this.#send({ kind: 'next-try', tries: [...this.#tries, past], ...this.#progress() })
  }

  #progress(): Progress {
    return { tasks: packTasks(this.task), ...this.#host.updates.takeUnsent() }
  }

  /** A result that can't be sent fails the test, rather than leave both processes waiting. */
  async #send(shipment: Shipment): Promise<never> {
    this.#host.rpc.close()
    try {
      return await this.#finish(shipment)
    } catch (error) {
      const { message, stack } = error as Error
      const failed = {
        state: 'fail' as const,
        errors: [{ name: 'ForkpointError', message, stack: stack ?? '' }],
      }
      const task = {
        id: this.task.id,
        mode: this.task.mode,
        result: failed,
        meta: {},
        annotations: [],
        artifacts: [],
      }
      const nothing = {
        events: [],
        isBegun: false,
        sentInherited: 0,
        snapshots: null,
        cancelled: null,
      }
      return this.#finish({ kind: 'done', tasks: [task], ...nothing })
    }
  }
}
