import type { RunnerTaskEventPack, RunnerTaskResultPack } from 'vitest'

type Report = (packs: RunnerTaskResultPack[], events: RunnerTaskEventPack[]) => Promise<void>

/** A task that ran in a branch, while Vitest reports it here once more as a skipped one. */
export interface SettledTask {
  /** What it and the tasks below it have become. */
  packs: RunnerTaskResultPack[]
  /** Events its branch had not sent, in order. */
  events: RunnerTaskEventPack[]
  /** Its branch has told, in `events` or before, that it was begun. */
  isBegun: boolean
  /** Its branch has told that it ended too. */
  isEnded: boolean
}

/** What a branch has to say of updates when it ends. */
export interface UnsentUpdates {
  events: RunnerTaskEventPack[]
  isBegun: boolean
  /** How many of the events that waited in the process that branched the branch has sent, from the first one on. */
  sentInherited: number
}

const BEGIN = new Set<string>(['test-prepare', 'suite-prepare'])
const END = new Set<string>(['test-finished', 'suite-finished'])

/**
 * The updates that Vitest sends to the main process in batches, every 100 ms. A task that ran in a branch was reported from
 * there: what Vitest reports of it here is put right on its way. A branch sends what was waiting when it began before its
 * own updates, so that the main process sees the order of the run.
 *
 * Between two branches nothing is sent: a call to the main process would change the state that the second one starts from,
 * by the random numbers of its id, and a process that was begun ahead may not make it at all. What is due is held, and sent
 * by the next branch.
 */
export class TaskUpdates {
  /** Vitest's own list of events that wait: `onTaskUpdate` is called with the list itself, always the same one. */
  #waiting: RunnerTaskEventPack[] | null = null
  readonly #settled = new Map<string, SettledTask>()
  readonly #sent = new Set<string>()
  /** Events that a replay makes Vitest emit again, and how many of each are still to be dropped. */
  readonly #repeated = new Map<string, number>()
  /** In a branch: the tasks that are its own, and the one whose end is told outside. */
  #own: { ids: ReadonlySet<string>; id: string } | null = null
  /** How many of the waiting events were there when the branch began. */
  #inherited = 0
  #sentInherited = 0
  #isHolding = false
  /** Of the events that wait, those that Vitest has given for sending, and the results they are about. */
  #held: RunnerTaskEventPack[] = []
  readonly #heldPacks = new Map<string, RunnerTaskResultPack>()
  #report: Report | null = null
  readonly #unanswered = new Set<Promise<void>>()

  /** Wraps a runner's patched `onTaskUpdate`. */
  wrap(report: Report): Report {
    this.#report = report
    return (packs, events) => {
      this.#waiting = events
      for (const event of events) this.#held.push(event)
      for (const pack of packs) this.#heldPacks.set(pack[0], pack)
      return this.#isHolding ? Promise.resolve() : this.#sendHeld()
    }
  }

  /** From here to `release` nothing is sent. */
  hold(): void {
    this.#isHolding = true
  }

  /** Until the function that comes back is called nothing is sent, and what Vitest reports of the task is forgotten. */
  mute(id: string): () => void {
    this.#isHolding = true
    const before = this.#held.length + (this.#waiting?.length ?? 0)
    return () => {
      const { length } = this.#held
      const isKept = (event: RunnerTaskEventPack, index: number): boolean => index < before || event[0] !== id
      this.#held = this.#held.filter(isKept)
      const waiting = this.#waiting ?? []
      waiting.splice(0, waiting.length, ...waiting.filter((event, i) => isKept(event, length + i)))
      this.release()
    }
  }

  /** Sends what is held, if anything is: true. */
  release(): boolean {
    this.#isHolding = false
    if (this.#held.length === 0) return false
    void this.#sendHeld()
    return true
  }

  /**
   * Sends all that waits, although Vitest has not given it for sending. Resolves when the main process has handled this and
   * what was sent before.
   *
   * @param pack makes what is sent of a task
   */
  async sendWaiting(pack: (id: string) => RunnerTaskResultPack | null): Promise<void> {
    for (const event of this.#waiting?.splice(0) ?? []) {
      this.#held.push(event)
      const own = pack(event[0])
      if (own !== null) this.#heldPacks.set(event[0], own)
    }
    this.sendNow()
    await Promise.allSettled(this.#unanswered)
  }

  /** Sends what is held, although more is to be held. */
  sendNow(): void {
    if (this.#held.length > 0) void this.#sendHeld()
  }

  #sendHeld(): Promise<void> {
    const events = this.#held.splice(0)
    const packs = [...this.#heldPacks.values()]
    this.#heldPacks.clear()
    const inherited = events.slice(0, this.#inherited)
    this.#noteSentInherited(inherited.length)
    const sent = events.flatMap((event, index) => this.#rewrite(event, index < inherited.length))
    for (const [id, name] of sent) this.#sent.add(`${id} ${name}`)
    const reported = this.#completePacks(packs, new Set(inherited.map(([id]) => id)))
    const isEmpty = reported.length === 0 && sent.length === 0
    return isEmpty || this.#report === null ? Promise.resolve() : this.#track(this.#report(reported, sent))
  }

  #track(answer: Promise<void>): Promise<void> {
    const forget = (): void => {
      this.#unanswered.delete(answer)
    }
    this.#unanswered.add(answer)
    answer.then(forget, forget)
    return answer
  }

  #noteSentInherited(count: number): void {
    const own = Math.min(count, this.#inherited)
    this.#inherited -= own
    this.#sentInherited += own
  }

  /**
   * In a branch for the task `id`: of all that Vitest reports, these tasks are its own.
   *
   * @param channel `own`: the branch has no channel to the main process that was another's before. Nothing is sent from
   * here, neither what was waiting, which stays outside, nor what is to come, which goes with the result.
   */
  own(ids: ReadonlySet<string>, id: string, channel: 'shared' | 'own' = 'shared'): void {
    this.#own = { ids, id }
    if (channel === 'own') {
      this.#held.length = 0
      this.#heldPacks.clear()
      if (this.#waiting !== null) this.#waiting.length = 0
      this.#isHolding = true
    }
    this.#inherited = this.#held.length + (this.#waiting?.length ?? 0)
    this.#sentInherited = 0
    this.#sent.clear()
  }

  /** Outside: `id` ran in a branch. */
  settle(id: string, task: SettledTask): void {
    this.#settled.set(id, task)
  }

  /** A new file begins: everything about the ones before has been sent. */
  forgetSettled(): void {
    this.#settled.clear()
    this.#sent.clear()
    this.#repeated.clear()
  }

  /** Outside: the branch has sent so many of the events that waited here. */
  forgetWaiting(count: number): void {
    const held = this.#held.splice(0, count)
    const waiting = this.#waiting?.splice(0, count - held.length) ?? []
    for (const [id, name] of [...held, ...waiting]) this.#sent.add(`${id} ${name}`)
    if (this.#held.length === 0) this.#heldPacks.clear()
    this.#noteSentInherited(count)
  }

  /** Drops the next `count` events of this name. */
  dropRepeated(id: string, name: string, count: number): void {
    this.#repeated.set(`${id} ${name}`, count)
  }

  /** In a branch that ends: takes its own events that wait. */
  takeUnsent(): UnsentUpdates {
    const own = [...this.#held, ...(this.#waiting ?? [])].slice(this.#inherited)
    const events = own.flatMap(event => this.#rewrite(event, false))
    this.#held.length = 0
    if (this.#waiting !== null) this.#waiting.length = 0
    const id = this.#own?.id ?? ''
    const isBegun = [...BEGIN].some(name => this.#sent.has(`${id} ${name}`) || events.some(is(id, name)))
    return { events, isBegun, sentInherited: this.#sentInherited }
  }

  /** The packs to send along: those of the settled tasks' whole trees, and in a branch only what is its own or inherited. */
  #completePacks(packs: RunnerTaskResultPack[], inherited: ReadonlySet<string>): RunnerTaskResultPack[] {
    const own = this.#own?.ids
    const complete = new Map<string, RunnerTaskResultPack>()
    for (const pack of packs) {
      const [id] = pack
      if (own !== undefined && !own.has(id) && !inherited.has(id)) continue
      complete.set(id, pack)
      for (const settled of this.#settled.get(id)?.packs ?? []) complete.set(settled[0], settled)
    }
    return [...complete.values()]
  }

  #rewrite(event: RunnerTaskEventPack, isInherited: boolean): RunnerTaskEventPack[] {
    const [id, name] = event
    if (!isInherited && this.#own !== null) {
      if (!this.#own.ids.has(id) || (id === this.#own.id && END.has(name))) return []
      const key = `${id} ${name}`
      const repeated = this.#repeated.get(key) ?? 0
      if (repeated > 0) {
        this.#repeated.set(key, repeated - 1)
        this.#sent.add(key)
        return []
      }
    }
    const settled = this.#settled.get(id)
    if (settled === undefined) return [event]
    if (END.has(name)) return settled.isEnded ? [] : [event]
    if (!BEGIN.has(name)) return [event]
    const events = settled.events.splice(0)
    return settled.isBegun ? events : [event, ...events]
  }
}

function is(task: string, event: string): (pack: RunnerTaskEventPack) => boolean {
  return ([id, name]) => id === task && name === event
}
