import { intrinsics } from 'forkpoint/adapter'
import type { RunnerTaskEventPack, RunnerTaskResultPack } from 'vitest'
import { type TestFile, tasksBelow } from './internals.ts'

const { dateNow } = intrinsics

/** How long Vitest keeps updates back to send them together. */
const BATCH_MS = 100

type Report = (packs: RunnerTaskResultPack[], events: RunnerTaskEventPack[]) => Promise<void>

/** What a task that ran in a branch has to say that its branch did not send itself. */
export interface SettledTask {
  /** What it and the tasks below it have become. */
  packs: RunnerTaskResultPack[]
  /** Events its branch had not sent yet, in order. */
  events: RunnerTaskEventPack[]
  /** Its branch has sent, or lists in `events`, that the task was begun. */
  isBegun: boolean
}

const BEGIN = new Set<string>(['test-prepare', 'suite-prepare'])

/**
 * The updates that Vitest sends to the main process, in batches, about every 100 ms. A task that ran in a branch was
 * reported from there; Vitest reports it here once more, as skipped: that is put right on its way.
 */
export class TaskUpdates {
  /** Vitest's own list of events not sent yet: `onTaskUpdate` is called with the list itself, always the same one. */
  #unsent: RunnerTaskEventPack[] | null = null
  readonly #settled = new Map<string, SettledTask>()
  readonly #sent = new Set<string>()
  /** Events of a task that a replay makes Vitest emit again: how many of each are still to be dropped. */
  readonly #repeated = new Map<string, number>()
  #owned: ReadonlySet<string> | null = null
  #report: Report | null = null
  #lastSent = 0

  /** Wraps a runner's patched `onTaskUpdate`. */
  wrap(report: Report): Report {
    this.#report = (packs, events) => {
      this.#unsent = events
      this.#lastSent = dateNow()
      const rewritten = events.flatMap(event => this.#rewrite(event))
      for (const [id, name] of rewritten) this.#sent.add(`${id} ${name}`)
      const mine = new Map(packs.filter(([id]) => this.#owned?.has(id) ?? true).map(pack => [pack[0], pack]))
      for (const id of mine.keys())
        for (const pack of this.#settled.get(id)?.packs ?? []) mine.set(pack[0], pack)
      if (this.#owned !== null && mine.size === 0 && rewritten.length === 0) return Promise.resolve()
      return report([...mine.values()], rewritten)
    }
    return this.#report
  }

  /** Before this process stands still for a branch: sends what is waiting, if the last batch is as old as Vitest lets it get. */
  async flush(file: TestFile): Promise<void> {
    const events = this.#unsent
    if (events === null || events.length === 0 || dateNow() - this.#lastSent < BATCH_MS) return
    const ids = new Set(events.map(([id]) => id))
    const tasks = [file, ...tasksBelow(file)].filter(({ id }) => ids.has(id))
    const packs = tasks.map(({ id, result, meta }): RunnerTaskResultPack => [id, result, meta])
    const report = this.#report?.(packs, events)
    events.length = 0
    await report
  }

  /** In a branch: only these tasks are its own; what else is unsent, the process that branched will send. */
  own(ids: ReadonlySet<string>): void {
    this.#owned = ids
    this.#sent.clear()
    this.#settled.clear()
  }

  /** Outside: `id` ran in a branch. */
  settle(id: string, task: SettledTask): void {
    this.#settled.set(id, task)
  }

  /** Drops the next `count` events of this name. */
  dropRepeated(id: string, name: string, count: number): void {
    this.#repeated.set(`${id} ${name}`, count)
  }

  /** In a branch that ends: its own events that have not gone out, and whether they or an earlier batch began `id`. */
  takeUnsent(id: string): { events: RunnerTaskEventPack[]; isBegun: boolean } {
    const events = (this.#unsent ?? []).flatMap(event => this.#rewrite(event))
    if (this.#unsent !== null) this.#unsent.length = 0
    const isBegun = [...BEGIN].some(name => this.#sent.has(`${id} ${name}`)) || events.some(isBeginOf(id))
    return { events, isBegun }
  }

  #rewrite(event: RunnerTaskEventPack): RunnerTaskEventPack[] {
    const [id, name] = event
    if (this.#owned !== null && !this.#owned.has(id)) return []
    const key = `${id} ${name}`
    const repeated = this.#repeated.get(key) ?? 0
    if (repeated > 0) {
      this.#repeated.set(key, repeated - 1)
      return []
    }
    const settled = BEGIN.has(name) ? this.#settled.get(id) : undefined
    if (settled === undefined) return [event]
    const events = settled.events.splice(0)
    return settled.isBegun ? events : [event, ...events]
  }
}

function isBeginOf(id: string): (event: RunnerTaskEventPack) => boolean {
  return ([task, name]) => task === id && BEGIN.has(name)
}
