import { constants } from 'node:os'
import type { Outcome } from '../engine.ts'
import { now } from '../intrinsics.ts'
import type { CallLogs } from '../system-calls/call-logs.ts'
import type { Addon } from './addon.ts'
import { becomeChild, rehearseChild } from './child.ts'
import { HugePages } from './huge-pages.ts'

/** How long a child may live on after it has closed its result pipe, which is what a crash looks like at first. */
const CLOSED_MS = 1000

/** Exit code of a child that was forked ahead and whose branch did not come. */
const UNUSED = 97

/** Every so many forks the child notes which pages it touches, and no more than so many, for the spares to come. */
const NOTES_EVERY = 16
const NOTED_PAGES = 4096
/** The first children are colder than most. */
const FIRST_NOTES = 2

/** By number; some have two names, of which the first is the usual one. */
const signalNames = new Map(
  Object.entries(constants.signals)
    .map(([name, number]) => [number, name] as const)
    .reverse(),
)

/** A child as its parent sees it: its number, and the parent's ends of its pipes. */
export interface Child {
  pid: number
  result: number
  orders: number
}

/** In a child: its ends of the pipes, and its way to end. */
export interface ChildSelf {
  result: number
  orders: number
  finish(value: unknown): Promise<never>
}

export type Forked = { side: 'parent'; child: Child } | { side: 'child'; self: ChildSelf }

/** The children of this process: how they are made, what they have in common, and how they end. */
export class Offspring {
  readonly addon: Addon
  readonly #hugePages: HugePages
  /** Children that have given their result and may still be leaving. */
  readonly #leaving: number[] = []
  /** Children that nobody has seen the end of. */
  readonly living: Set<number> = new Set<number>()
  /** The logs of their system calls, where these are watched. */
  logs: CallLogs | null = null
  /** In a child: its own log. */
  ownLog: ArrayBuffer | null = null
  #forks = 0

  constructor(addon: Addon) {
    this.addon = addon
    this.#hugePages = new HugePages(addon)
    rehearseChild()
  }

  /**
   * Both processes return from this call.
   *
   * @param silence descriptors that are to be dead in the child
   * @param close descriptors that are not for the child
   */
  fork(silence: readonly number[], close: readonly number[]): Forked {
    const { addon } = this
    this.#hugePages.advance()
    this.#forks++
    const log = this.logs?.take(this.living) ?? null
    const start = now()
    const [pid, result, orders] = addon.fork(true, silence, [])
    this.#hugePages.noteFork(now() - start)
    if (pid > 0) {
      this.living.add(pid)
      if (log !== null) this.logs?.give(pid, log)
      return { side: 'parent', child: { pid, result, orders } }
    }
    this.living.clear()
    this.logs?.startAfresh()
    this.ownLog = log
    for (const fd of close) addon.close(fd)
    if (this.#forks % NOTES_EVERY === FIRST_NOTES) addon.noteAtFinish(NOTED_PAGES)
    this.#leaving.length = 0
    return { side: 'child', self: { result, orders, finish: becomeChild(addon, result) } }
  }

  /** In a child that was forked ahead: ends it, nothing came of it. */
  exitUnused(): never {
    return this.addon.exit(UNUSED)
  }

  /** The child's end is only to be taken note of. */
  letGo(pid: number): void {
    this.#leaving.push(pid)
  }

  end(pid: number): void {
    this.addon.kill(pid)
    this.letGo(pid)
  }

  /** The child was killed, and had no result. */
  giveUp(pid: number): void {
    this.logs?.noteCrash(pid)
    this.letGo(pid)
  }

  /** A child that closed its result pipe without a result has crashed, or was ended by what it ran. */
  awaitEnd(pid: number): Outcome {
    const { addon } = this
    let status = addon.reap(pid, CLOSED_MS)
    if (status === null) {
      addon.kill(pid)
      status = addon.reap(pid, -1)
    }
    this.living.delete(pid)
    this.logs?.noteCrash(pid)
    return readStatus(status ?? 0)
  }

  /** @param waitMs for each child that was let go; negative for ever */
  reap(waitMs: number): void {
    const left = this.#leaving.filter(pid => this.addon.reap(pid, waitMs) === null)
    for (const pid of this.#leaving) if (!left.includes(pid)) this.living.delete(pid)
    this.#leaving.splice(0, this.#leaving.length, ...left)
  }
}

/** @param status as wait(2) gives it: a signal in the low seven bits, else an exit code above them */
function readStatus(status: number): Outcome {
  const signal = status & 0x7f
  if (signal !== 0) return { kind: 'signal', signal: signalNames.get(signal) ?? `signal ${signal}` }
  return { kind: 'exit', code: (status >> 8) & 0xff }
}
