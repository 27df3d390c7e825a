import { constants } from 'node:os'
import type { Branch, BranchOptions, Engine, Obstacle, Outcome, Refusal } from '../engine.ts'
import { now, setImmediate, setTimeout } from '../intrinsics.ts'
import { count } from '../report/section.ts'
import { median } from '../report/statistics.ts'
import { type Addon, loadAddon } from './addon.ts'
import { decodeResult } from './channel.ts'
import { becomeChild, rehearseChild } from './child.ts'
import { countUnsettled, findOpenings } from './find-openings.ts'
import { HugePages } from './huge-pages.ts'
import { findRefusal, type Surroundings, surveyProcess } from './preconditions.ts'
import type { ProcessWatch } from './watch-process.ts'

/** How long a checkpoint waits for work in flight to end. */
const QUIESCE_MS = 1000

/** Measured on Linux: a branch costs about this much, and about so much more for each resident megabyte. */
const BASE_MS = 2
const PER_MEGABYTE_MS = 0.12

/** Enough branches for their median to replace the estimate. */
const RECENT = 8

/** By number; some have two names, of which the first is the usual one. */
const signalNames = new Map(
  Object.entries(constants.signals)
    .map(([name, number]) => [number, name] as const)
    .reverse(),
)

/**
 * Rolls back by fork(2): a branch is a child process with a copy of all memory, in which the test runs and ends with
 * `_exit`. The parent, whose state is the checkpoint, stands still in a native call until the child has ended, so the
 * child alone uses what both hold: the runner's channel, listening sockets, the event loop's descriptors.
 */
export class ForkEngine implements Engine {
  readonly name = 'fork'
  readonly #around: Surroundings
  readonly #watch: ProcessWatch
  readonly #recent: number[] = []
  #hugePages: HugePages | null = null

  constructor(around: Surroundings, watch: ProcessWatch) {
    this.#around = around
    this.#watch = watch
  }

  /** The engine for this process. */
  static create(watch: ProcessWatch): ForkEngine {
    return new ForkEngine(surveyProcess(loadAddon(), watch), watch)
  }

  refuse(): Refusal | null {
    return findRefusal(this.#around)
  }

  async quiesce(): Promise<Obstacle[]> {
    const addon = this.#addon()
    const end = now() + QUIESCE_MS
    const isBusy = (): boolean =>
      addon.activeRequests() > 0 || countUnsettled(addon.connections(), this.#watch) > 0
    // Once around the loop: Node may be in the middle of its background tasks, and a child would wait for their threads.
    await new Promise(resolve => setImmediate(resolve))
    while (isBusy() && now() < end) {
      await new Promise(resolve =>
        now() + QUIESCE_MS - end > 5 ? setTimeout(resolve, 1) : setImmediate(resolve),
      )
    }
    const inFlight = describeInFlight(addon)
    const openings = findOpenings(addon.connections(), this.#watch)
    return inFlight === null ? openings : [inFlight, ...openings]
  }

  branch({ deadlineMs }: BranchOptions): Branch {
    const addon = this.#addon()
    const start = now()
    if (this.#hugePages === null) rehearseChild()
    this.#hugePages ??= new HugePages(addon)
    this.#hugePages.advance()
    const [pid, fd] = addon.fork(true, [])
    if (pid === 0) return { side: 'inside', finish: becomeChild(addon, fd) }
    const [status, timedOut, result] = addon.collect(pid, fd, deadlineMs)
    const ms = now() - start
    return { side: 'outside', outcome: readOutcome(status, timedOut, deadlineMs, result), ms }
  }

  /**
   * Ends this process, and so its branches, at once when the one that has started it dies: for a worker of a runner. While a
   * branch runs, this process could not notice in time by itself. Without the addon, or elsewhere than on Linux: nothing.
   */
  dieWithParent(): void {
    const { addon } = this.#around
    if (!('why' in addon)) addon.dieWithParent()
  }

  estimateMs(): number {
    if (this.#recent.length > 0) return median(this.#recent)
    return BASE_MS + (PER_MEGABYTE_MS * this.#addon().residentBytes()) / 2 ** 20
  }

  noteRestore(ms: number): void {
    this.#hugePages?.noteRestore(ms)
    this.#recent.push(ms)
    if (this.#recent.length > RECENT) this.#recent.shift()
  }

  #addon(): Addon {
    const { addon } = this.#around
    if ('why' in addon) throw new TypeError(`the fork engine was used without its addon: ${addon.why}`)
    return addon
  }
}

function describeInFlight(addon: Addon): Obstacle | null {
  const requests = addon.activeRequests()
  const unread = addon.connections().filter(([, , , other, unread]) => other >= 0 && unread > 0).length
  const kinds = [...new Set(process.getActiveResourcesInfo())].filter(kind => /Req/.test(kind))
  const named = kinds.length > 0 ? `, among them ${kinds.join(', ')}` : ''
  const work = [
    ...(requests > 0 ? [`${count(requests, 'request')} to the system or its thread pool${named}`] : []),
    ...(unread > 0 ? [`data to be read on ${count(unread, 'connection')} within the process`] : []),
  ]
  if (work.length === 0) return null
  return {
    why: `work is in flight (${work.join('; ')})`,
    remedy: 'await it in the setup, or stop it before the setup returns',
  }
}

/** @param status as wait(2) gives it: a signal in the low seven bits, else an exit code above them */
function readOutcome(status: number, timedOut: boolean, deadlineMs: number, result: Buffer): Outcome {
  const decoded = decodeResult(result)
  if (decoded !== null) return { kind: 'value', value: decoded.value }
  if (timedOut) return { kind: 'timeout', afterMs: deadlineMs }
  const signal = status & 0x7f
  if (signal !== 0) return { kind: 'signal', signal: signalNames.get(signal) ?? `signal ${signal}` }
  return { kind: 'exit', code: (status >> 8) & 0xff }
}
