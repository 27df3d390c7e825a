import type {
  BesideOptions,
  Branch,
  BranchOptions,
  Elsewhere,
  Engine,
  IsolationOptions,
  IsolationRefusals,
  Obstacle,
  Refusal,
  Remains,
} from '../engine.ts'
import { loopCount, now, setImmediate, setTimeout } from '../intrinsics.ts'
import { Isolator } from '../isolation/isolator.ts'
import { count } from '../report/section.ts'
import { median } from '../report/statistics.ts'
import { CallLogs } from '../system-calls/call-logs.ts'
import { type Addon, type ConnectionEntry, loadAddon } from './addon.ts'
import { countUnsettled, findOpenings } from './find-openings.ts'
import { HeapBound } from './heap-bound.ts'
import { KeptErrors } from './kept-errors.ts'
import { Offspring } from './offspring.ts'
import { OneAtATime } from './one-at-a-time.ts'
import { findMachineRefusal, findRefusal, type Surroundings, surveyProcess } from './preconditions.ts'
import { SeveralAtOnce } from './several-at-once.ts'
import type { ProcessWatch } from './watch-process.ts'

/** How long a checkpoint waits for work in flight to end. */
const QUIESCE_MS = 1000

/** Measured on Linux: a branch costs about this much, and about so much more for each resident megabyte. */
const BASE_MS = 2
const PER_MEGABYTE_MS = 0.12

/** What accepts connections or messages, by the name Node gives it. */
const LISTENERS: Readonly<Record<string, string>> = {
  TCPServerWrap: 'a TCP server',
  PipeServerWrap: 'a server on a pipe',
  UDPWrap: 'a UDP socket',
}

/** Enough branches for their median to replace the estimate. */
const RECENT = 8

/**
 * Rolls back by fork(2): a branch is a child process with a copy of all memory, in which the test runs and ends with
 * `_exit`. The parent, whose state is the checkpoint, stands still in a native call until the child has ended, so the
 * child alone uses what both hold: the runner's channel, listening sockets, the event loop's descriptors.
 */
export class ForkEngine implements Engine {
  readonly name = 'fork'
  readonly #around: Surroundings
  readonly #obstacle: Refusal | null
  readonly #watch: ProcessWatch
  readonly #recent: number[] = []
  readonly #heap = new HeapBound()
  /** The turn of the event loop in which the last branch ended, while nothing but the caller has run since. */
  #turnAtEnd: number | null = null
  #oneAtATime: OneAtATime | null = null
  #severalAtOnce: SeveralAtOnce | null = null
  #offspring: Offspring | null = null
  #keptErrors: KeptErrors | null = null
  #isolator: Isolator | null = null

  /** @param obstacle why it can't run, for a reason that is none of the process: how a test runner is set up, say */
  constructor(around: Surroundings, watch: ProcessWatch, obstacle: Refusal | null = null) {
    this.#around = around
    this.#obstacle = obstacle
    this.#watch = watch
  }

  /** What branches that run one after the other print as errors comes when each has ended. @param show what of it */
  keepErrors(show: (text: string) => string): void {
    const { addon } = this.#around
    if (!('why' in addon)) this.#keptErrors = new KeptErrors(addon, show)
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
    if (this.isAhead || this.isStill) return []
    const addon = this.#addon()
    this.#heap.keep(addon)
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
    this.#offspring ??= new Offspring(this.#addon())
    this.#oneAtATime ??= new OneAtATime(this.#offspring)
    this.#keptErrors?.open()
    this.#prepare(this.#offspring, options)
    const branch = this.#oneAtATime.branch(options)
    if (branch.side === 'inside') this.#keptErrors?.enter()
    // A process that goes the same way prints nothing.
    else if (!this.isAhead) this.#keptErrors?.print()
    this.#turnAtEnd = branch.side === 'outside' ? loopCount() : null
    return this.#isolate(branch, options)
  }

  get isStill(): boolean {
    return this.#turnAtEnd === loopCount()
  }

  async branchBeside(options: BesideOptions): Promise<Branch | Elsewhere> {
    this.#offspring ??= new Offspring(this.#addon())
    this.#severalAtOnce ??= new SeveralAtOnce(this.#offspring)
    this.#prepare(this.#offspring, options)
    return this.#isolate(await this.#severalAtOnce.branch(options), options)
  }

  isolate(wanted: IsolationOptions | null): IsolationRefusals {
    const isolator = wanted === null ? null : new Isolator(this.#addon(), wanted)
    this.#isolator = isolator?.isOn ? isolator : null
    return isolator?.refusals ?? {}
  }

  #isolate<B extends Branch | Elsewhere>(branch: B, { isIsolated }: BranchOptions): B {
    if (!isIsolated || this.#isolator === null) return branch
    // Before anything of its own has run: another thread would not come along.
    if (branch.side === 'inside') {
      const isolation = this.#isolator.enter(this.#offspring?.ownLog ?? null)
      const finish = (value: unknown): Promise<never> => {
        isolation.end()
        return branch.finish(value)
      }
      return { ...branch, isolation, finish }
    }
    if (branch.side === 'elsewhere' || branch.outcome.kind === 'value') return branch
    return { ...branch, remains: this.#findRemains(this.#isolator, branch.pid ?? 0) }
  }

  #findRemains(isolator: Isolator, pid: number): Remains {
    this.#offspring?.reap(-1)
    return {
      pid,
      left: isolator.endLeft([...(this.#offspring?.living ?? [])]),
      calls: this.#offspring?.logs?.takeCrashed(pid) ?? null,
      covers: path => isolator.covers(path),
    }
  }

  /** Before a branch. */
  #prepare(offspring: Offspring, { isIsolated }: BranchOptions): void {
    if (!isIsolated || this.#isolator === null) return
    this.#isolator.expect()
    offspring.logs = this.#isolator.watchesCalls ? (offspring.logs ?? new CallLogs(this.#addon())) : null
  }

  tell(message: unknown): void {
    this.#severalAtOnce?.tell(message)
  }

  findShared(): Obstacle | null {
    const kinds = process.getActiveResourcesInfo()
    const [kind] = kinds.filter(each => each in LISTENERS)
    if (kind === undefined) return null
    return {
      why: `the setup left ${LISTENERS[kind]} open, and each request would go to any one of several processes`,
      remedy: 'open it in the test',
    }
  }

  get isAhead(): boolean {
    return (this.#oneAtATime?.isAhead ?? false) || (this.#severalAtOnce?.isAhead ?? false)
  }

  endIfAhead(): void {
    this.#oneAtATime?.endIfAhead()
    this.#severalAtOnce?.endIfAhead()
  }

  rest(): void {
    this.endIfAhead()
    this.#turnAtEnd = null
    this.#oneAtATime?.endSpare()
    this.#severalAtOnce?.drop()
    this.#offspring?.reap(-1)
  }

  tidy(): void {
    const { addon } = this.#around
    if (!('why' in addon)) this.#heap.keepAtTimes(addon)
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
