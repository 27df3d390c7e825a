import { constants } from 'node:os'
import type { Branch, BranchOptions, Engine, Obstacle, Outcome, Refusal } from '../engine.ts'
import { now, setImmediate, setTimeout } from '../intrinsics.ts'
import { count } from '../report/section.ts'
import { median } from '../report/statistics.ts'
import { type Addon, type ConnectionEntry, loadAddon } from './addon.ts'
import { decodeResult, writeBeat } from './channel.ts'
import { becomeChild, rehearseChild } from './child.ts'
import { countUnsettled, findOpenings } from './find-openings.ts'
import { HeapBound } from './heap-bound.ts'
import { HugePages } from './huge-pages.ts'
import { findMachineRefusal, findRefusal, type Surroundings, surveyProcess } from './preconditions.ts'
import { decodeTold, Spare } from './spare.ts'
import type { ProcessWatch } from './watch-process.ts'

/** How long a checkpoint waits for work in flight to end. */
const QUIESCE_MS = 1000

/** Measured on Linux: a branch costs about this much, and about so much more for each resident megabyte. */
const BASE_MS = 2
const PER_MEGABYTE_MS = 0.12

/** How long a child may live on after it has closed its result pipe, which is what a crash looks like at first. */
const CLOSED_MS = 1000

/** Every so many forks the child notes which pages it touches, and no more than so many, for the spares to come. */
const NOTES_EVERY = 16
const NOTED_PAGES = 4096
/** The first children are colder than most. */
const FIRST_NOTES = 2

/** Exit code of a spare that nothing came of. */
const UNUSED = 97

/** Enough branches for their median to replace the estimate. */
const RECENT = 8

/** By number; some have two names, of which the first is the usual one. */
const signalNames = new Map(
  Object.entries(constants.signals)
    .map(([name, number]) => [number, name] as const)
    .reverse(),
)

/** What a spare holds on to: its ends of both pipes, and its way to end once it has run something. */
interface Ahead {
  result: number
  orders: number
  finish(value: unknown): Promise<never>
}

/**
 * Rolls back by fork(2): a branch is a child process with a copy of all memory, in which the test runs and ends with
 * `_exit`. The parent, whose state is the checkpoint, stands still in a native call until the child has ended, so the
 * child alone uses what both hold: the runner's channel, listening sockets, the event loop's descriptors.
 *
 * While a child runs, its parent forks the next one ahead. That spare has the memory of a parent whose child is running; once told
 * how the child ended, it goes the same way as the parent, to the next branch, and there becomes it. On its way it must
 * do nothing that can be seen from elsewhere (`isAhead`), and it ends as soon as the way turns out to be another one.
 */
export class ForkEngine implements Engine {
  readonly name = 'fork'
  readonly #around: Surroundings
  readonly #obstacle: Refusal | null
  readonly #watch: ProcessWatch
  readonly #recent: number[] = []
  readonly #heap = new HeapBound()
  #hugePages: HugePages | null = null
  /** Children that have given their result and may still be leaving. */
  readonly #leaving: number[] = []
  #spare: Spare | null = null
  #forks = 0
  /** Set while this process is a spare. */
  #ahead: Ahead | null = null

  /** @param obstacle why it can't run, for a reason that is none of the process: how a test runner is set up, say */
  constructor(around: Surroundings, watch: ProcessWatch, obstacle: Refusal | null = null) {
    this.#around = around
    this.#obstacle = obstacle
    this.#watch = watch
  }

  /** The engine for this process. */
  static create(watch: ProcessWatch, obstacle: Refusal | null = null): ForkEngine {
    return new ForkEngine(surveyProcess(loadAddon(), watch), watch, obstacle)
  }

  /** Why it can't run in any process of this machine. */
  static refuseHere(): Refusal | null {
    return findMachineRefusal({ platform: process.platform, addon: loadAddon() })
  }

  refuse(): Refusal | null {
    return this.#obstacle ?? findRefusal(this.#around)
  }

  async quiesce(): Promise<Obstacle[]> {
    if (this.isAhead) return []
    const addon = this.#addon()
    this.#heap.keep()
    const end = now() + QUIESCE_MS
    let connections: ConnectionEntry[] = []
    const isBusy = (): boolean => {
      connections = addon.connections()
      return addon.activeRequests() > 0 || countUnsettled(connections, this.#watch) > 0
    }
    // Once around the loop: Node may be in the middle of its background tasks, and a child would wait for their threads.
    await new Promise(resolve => setImmediate(resolve))
    while (isBusy() && now() < end) {
      await new Promise(resolve =>
        now() + QUIESCE_MS - end > 5 ? setTimeout(resolve, 1) : setImmediate(resolve),
      )
    }
    const inFlight = describeInFlight(addon.activeRequests(), connections)
    const openings = findOpenings(connections, this.#watch)
    return inFlight === null ? openings : [inFlight, ...openings]
  }

  branch(options: BranchOptions): Branch {
    if (this.#ahead !== null) return this.#enterAhead(this.#ahead, options.key)
    const start = now()
    this.#reap(0)
    const spare = this.#spare
    this.#spare = null
    spare?.start(options.key)
    return (spare && this.#await(spare, options, start)) ?? this.#branchAfresh(options, start)
  }

  get isAhead(): boolean {
    return this.#ahead !== null
  }

  endIfAhead(): void {
    if (this.#ahead !== null) this.#addon().exit(UNUSED)
  }

  rest(): void {
    this.#endSpare()
    this.#reap(-1)
  }

  /**
   * Ends this process, and so its branches, at once when the one that has started it dies: for a worker of a runner. While a
   * branch runs, this process could not notice in time by itself. Without the addon, or elsewhere than on Linux: nothing.
   */
  dieWithParent(): void {
    const { addon, isMainThread } = this.#around
    // In a worker thread it would be the runner itself that dies.
    if (isMainThread && !('why' in addon)) addon.dieWithParent()
  }

  estimateMs(): number {
    if (this.#recent.length > 0) return median(this.#recent)
    return BASE_MS + (PER_MEGABYTE_MS * this.#addon().residentBytes()) / 2 ** 20
  }

  noteRestore(ms: number): void {
    this.#recent.push(ms)
    if (this.#recent.length > RECENT) this.#recent.shift()
  }

  /** @param close descriptors that are not for the child */
  #fork(close: readonly number[]): ReturnType<Addon['fork']> {
    const addon = this.#addon()
    if (this.#hugePages === null) rehearseChild()
    this.#hugePages ??= new HugePages(addon)
    this.#hugePages.advance()
    this.#forks++
    const start = now()
    const ends = addon.fork(true, [], close)
    this.#hugePages.noteFork(now() - start)
    if (ends[0] === 0 && this.#forks % NOTES_EVERY === FIRST_NOTES) addon.noteAtFinish(NOTED_PAGES)
    return ends
  }

  #branchAfresh(options: BranchOptions, start: number): Branch {
    const addon = this.#addon()
    const [pid, result, orders] = this.#fork([])
    addon.close(orders)
    if (pid === 0) {
      this.#leaving.length = 0
      return { side: 'inside', finish: becomeChild(addon, result) }
    }
    return (
      this.#await({ pid, result }, options, start) ?? {
        side: 'outside',
        outcome: this.#awaitEnd(pid),
        ms: now() - start,
      }
    )
  }

  /**
   * The child's outcome; null when it ended without having begun, or written anything. While the child runs, the next one is forked: in
   * that one this returns too, once it has been told.
   */
  #await(child: { pid: number; result: number }, options: BranchOptions, start: number): Branch | null {
    const addon = this.#addon()
    const { deadlineMs, isFollowed } = options
    if (isFollowed) {
      const [pid, result, orders] = this.#fork([child.result])
      if (pid === 0) return this.#waitAhead(result, orders)
      this.#endSpare()
      this.#spare = new Spare(addon, pid, result, orders)
    }
    const [timedOut, written] = addon.collect(child.pid, child.result, deadlineMs)
    const ms = now() - start
    const decoded = decodeResult(written)
    if (decoded !== null) {
      this.#leaving.push(child.pid)
      if (this.#spare?.tell(written, ms) === false) this.#endSpare()
      return { side: 'outside', outcome: { kind: 'value', value: decoded.value }, ms }
    }
    this.#endSpare()
    if (timedOut) {
      this.#leaving.push(child.pid)
      return { side: 'outside', outcome: { kind: 'timeout', afterMs: deadlineMs }, ms }
    }
    return written.length > 0 ? { side: 'outside', outcome: this.#awaitEnd(child.pid), ms } : null
  }

  /** A child that closed its result pipe without a result has crashed, or was ended by what it ran. */
  #awaitEnd(pid: number): Outcome {
    const addon = this.#addon()
    let status = addon.reap(pid, CLOSED_MS)
    if (status === null) {
      addon.kill(pid)
      status = addon.reap(pid, -1)
    }
    return readStatus(status ?? 0)
  }

  /** In a spare, from its birth to the next branch: see the class. */
  #waitAhead(result: number, orders: number): Branch {
    const addon = this.#addon()
    this.#spare = null
    this.#leaving.length = 0
    this.#ahead = { result, orders, finish: becomeChild(addon, result) }
    addon.guardLoop(true)
    addon.touchNoted(orders)
    const told = addon.receive(orders)
    const { written, ms } = told === undefined ? addon.exit(UNUSED) : decodeTold(told)
    const decoded = decodeResult(written)
    if (decoded === null) return addon.exit(UNUSED)
    return { side: 'outside', outcome: { kind: 'value', value: decoded.value }, ms }
  }

  #enterAhead({ result, orders, finish }: Ahead, key: string): Branch {
    const addon = this.#addon()
    if (addon.receive(orders)?.toString() !== key) addon.exit(UNUSED)
    addon.close(orders)
    addon.guardLoop(false)
    this.#ahead = null
    // From here on its end is the test's.
    writeBeat(result)
    return { side: 'inside', finish }
  }

  #endSpare(): void {
    if (this.#spare === null) return
    this.#spare.end()
    this.#leaving.push(this.#spare.pid)
    this.#spare = null
  }

  /** @param waitMs for each child; negative for ever */
  #reap(waitMs: number): void {
    const addon = this.#addon()
    const left = this.#leaving.filter(pid => addon.reap(pid, waitMs) === null)
    this.#leaving.splice(0, this.#leaving.length, ...left)
  }

  #addon(): Addon {
    const { addon } = this.#around
    if ('why' in addon) throw new TypeError(`the fork engine was used without its addon: ${addon.why}`)
    return addon
  }
}

function describeInFlight(requests: number, connections: readonly ConnectionEntry[]): Obstacle | null {
  const unread = connections.filter(([, , , other, unread]) => other >= 0 && unread > 0).length
  if (requests === 0 && unread === 0) return null
  const kinds = [...new Set(process.getActiveResourcesInfo())].filter(kind => /Req/.test(kind))
  const named = kinds.length > 0 ? `, among them ${kinds.join(', ')}` : ''
  const work = [
    ...(requests > 0 ? [`${count(requests, 'request')} to the system or its thread pool${named}`] : []),
    ...(unread > 0 ? [`data to be read on ${count(unread, 'connection')} within the process`] : []),
  ]
  return {
    why: `work is in flight (${work.join('; ')})`,
    remedy: 'await it in the setup, or stop it before the setup returns',
  }
}

/** @param status as wait(2) gives it: a signal in the low seven bits, else an exit code above them */
function readStatus(status: number): Outcome {
  const signal = status & 0x7f
  if (signal !== 0) return { kind: 'signal', signal: signalNames.get(signal) ?? `signal ${signal}` }
  return { kind: 'exit', code: (status >> 8) & 0xff }
}
