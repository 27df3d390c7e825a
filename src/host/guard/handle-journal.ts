import type { ChildProcess } from 'node:child_process'
import { setImmediate, setTimeout } from '../../intrinsics.ts'
import { ActiveResources } from './active-resources.ts'
import type { Stack } from './call-records.ts'
import type { Leak, LeakKind } from './leak.ts'
import { OpenDescriptors } from './open-descriptors.ts'
import { TimerWatch } from './timer-watch.ts'

/** What a test has opened. */
export interface Handle extends Omit<Leak, 'stack' | 'isLetGo' | 'outlives'> {
  isOpen(): boolean
  /** Of Node's objects: as soon as they have no hold on the process, they are let go. */
  of?: object
  outlives?: boolean
}

type OpenHandle = Handle & { stack: Stack; isSafe: boolean }

/** Turns of the loop in which what was told to close does so. */
const TURNS = 3
/** How long processes and threads, and what nobody knows, may take for it when they are about to end. */
const ENDING_MS = 50

const ENDING: ReadonlySet<LeakKind | null> = new Set<LeakKind>(['process', 'thread'])

/** What a test has opened: closed at its end where it still is open, and told of. */
export class HandleJournal {
  readonly descriptors: OpenDescriptors
  readonly #timers: TimerWatch
  readonly #resources = new ActiveResources()
  #open: OpenHandle[] = []

  constructor(trace: boolean) {
    this.#timers = new TimerWatch(trace)
    this.descriptors = new OpenDescriptors(trace)
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
    this.descriptors.begin()
    this.#resources.begin()
    this.#timers.begin()
  }

  /** @param isSafe it was declared to be no matter */
  add(handle: Handle, stack: Stack, isSafe: boolean): void {
    this.#open.push({ ...handle, stack, isSafe })
  }

  /**
   * What is still open, now that the test has ended. What is about to close is waited for.
   *
   * @param isWhole also what nobody has seen being opened
   */
  async takeLeaks(isWhole: boolean): Promise<readonly Leak[]> {
    const leftTimers = this.#timers.end()
    const findUnknown = (): Leak[] => (isWhole ? this.#resources.findLeaks(this.#leaks()) : [])
    await this.#settle(() => findUnknown().length > 0)
    const [leaks, unknown] = [this.#leaks(), findUnknown()]
    this.#open = []
    return [...leaks, ...this.descriptors.takeLeaks(), ...leftTimers(), ...unknown]
  }

  #leaks(): Leak[] {
    const open = this.#open.filter(handle => handle.isOpen())
    return open.map(({ of, isSafe, isOpen: _, outlives = false, ...handle }): Leak => {
      return { ...handle, outlives, isLetGo: isSafe || (of !== undefined && isLetGo(of)) }
    })
  }

  async #settle(isUnknown: () => boolean): Promise<void> {
    const isAny = (): boolean =>
      this.#open.some(handle => handle.isOpen()) || this.descriptors.isAnyOpen() || isUnknown()
    for (let turn = 0; turn < TURNS && isAny(); turn++) await new Promise(resolve => setImmediate(resolve))
    const isAnyEnding = (): boolean =>
      this.#open.some(({ kind, isOpen }) => ENDING.has(kind) && isOpen()) || isUnknown()
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
