import type { ChildProcess } from 'node:child_process'
import { setImmediate, setTimeout } from '../../intrinsics.ts'
import type { Stack } from './call-records.ts'
import type { Leak, LeakKind } from './leak.ts'
import { TimerWatch } from './timer-watch.ts'

/** What a test has opened. */
export interface Handle extends Omit<Leak, 'stack' | 'isLetGo' | 'outlives'> {
  isOpen(): boolean
  /** Of Node's objects: as soon as they have no hold on the process, they are let go. */
  of?: object
  fd?: number
  outlives?: boolean
}

type OpenHandle = Handle & { stack: Stack; isSafe: boolean }

/** Turns of the loop in which what was told to close does so. */
const TURNS = 3
/** How long processes and threads that are about to end may take for it. */
const ENDING_MS = 50

const ENDING: ReadonlySet<LeakKind | null> = new Set<LeakKind>(['process', 'thread'])

/** What a test has opened: closed at its end where it still is open, and told of. */
export class HandleJournal {
  readonly #timers: TimerWatch
  #open: OpenHandle[] = []
  /** By their descriptors: whoever opens a file gets the number of one that is closed. */
  readonly #files = new Map<number, OpenHandle>()

  constructor(trace: boolean) {
    this.#timers = new TimerWatch(trace)
  }

  /** A setup begins, whose timers are not the tests'. */
  beginFixture(): void {
    this.#timers.beginFixture()
  }

  endFixture(): void {
    this.#timers.endFixture()
  }

  begin(): void {
    this.#open = []
    this.#files.clear()
    this.#timers.begin()
  }

  /** @param isSafe it was declared to be no matter */
  add(handle: Handle, stack: Stack, isSafe: boolean): void {
    const open = { ...handle, stack, isSafe }
    if (handle.fd === undefined) this.#open.push(open)
    else this.#files.set(handle.fd, open)
  }

  /** What is still open, now that the test has ended. What is about to close is waited for. */
  async takeLeaks(): Promise<readonly Leak[]> {
    const leftTimers = this.#timers.end()
    await this.#settle()
    const open = this.#all().filter(handle => handle.isOpen())
    this.#open = []
    this.#files.clear()
    const leaks = open.map(({ of, fd: __, isSafe, isOpen: _, outlives = false, ...handle }): Leak => {
      return { ...handle, outlives, isLetGo: isSafe || (of !== undefined && isLetGo(of)) }
    })
    return [...leaks, ...leftTimers()]
  }

  #all(): OpenHandle[] {
    return [...this.#open, ...this.#files.values()]
  }

  async #settle(): Promise<void> {
    const isAny = (): boolean => this.#all().some(handle => handle.isOpen())
    for (let turn = 0; turn < TURNS && isAny(); turn++) await new Promise(resolve => setImmediate(resolve))
    const isAnyEnding = (): boolean => this.#open.some(({ kind, isOpen }) => ENDING.has(kind) && isOpen())
    for (let ms = 0; ms < ENDING_MS && isAnyEnding(); ms++)
      await new Promise(resolve => setTimeout(resolve, 1))
  }
}

/** Of a process, server, socket or watcher. */
function isLetGo(object: object): boolean {
  const { _handle: handle } = object as { _handle?: { hasRef?(): boolean } | null }
  return handle?.hasRef?.() === false
}

export function handleOfProcess(child: ChildProcess, command: string): Handle {
  return {
    kind: 'process',
    what: `the process \`${command}\``,
    call: 'child_process.spawn',
    effect: 'process.spawn',
    resource: command,
    isOpen: () => child.pid !== undefined && child.exitCode === null && child.signalCode === null,
    close: () => child.kill('SIGKILL'),
    of: child,
    outlives: true,
  }
}
