import type { Effect } from '../catalogue/nature.ts'
import type { Leak, LeakKind } from './leak.ts'

interface KnownType {
  effect: Effect
  /** What is known to run and shows as resources of this type. */
  isOf: LeakKind
}

/** Types of Node's names for what it waits for, the same from Node 20 to 26. */
const KNOWN: Readonly<Record<string, KnownType>> = {
  TCPServerWrap: { effect: 'net.listen', isOf: 'server' },
  PipeServerWrap: { effect: 'net.listen', isOf: 'server' },
  UDPWrap: { effect: 'net.listen', isOf: 'UDP socket' },
  FSEventWrap: { effect: 'fs.watch', isOf: 'watcher' },
  StatWatcher: { effect: 'fs.watch', isOf: 'watcher' },
  MessagePort: { effect: 'thread.message', isOf: 'thread' },
}

/**
 * Types of which one more says nothing: timers have a list of their own; connections and processes are made by functions that are
 * watched, and have other ends in the same process; standard streams are opened by the first that prints.
 */
const PASSED_OVER = /^(Timeout|Immediate|TCPSocketWrap|TLSWrap|PipeWrap|TTYWrap|ProcessWrap)$/

/** Requests end by themselves, and a setup may make some all the time. */
const REQUEST = /Req|^(Connect|Write|Shutdown|Send)Wrap$/

const { getActiveResourcesInfo } = process

/** What Node itself waits for, as a second witness: what a test has left that no replaced function has seen. */
export class ActiveResources {
  #before: ReadonlyMap<string, number> = new Map()

  begin(): void {
    this.#before = countTypes()
  }

  /** Types of which there are more than when the test began, but for those that are explained. */
  findLeaks(explained: readonly Leak[]): Leak[] {
    const kinds = new Map<LeakKind | null, number>()
    for (const { kind } of explained) kinds.set(kind, (kinds.get(kind) ?? 0) + 1)
    // A thread has several ports.
    if (kinds.has('thread')) kinds.set('thread', Number.POSITIVE_INFINITY)
    const leaks: Leak[] = []
    for (const [type, count] of [...countTypes()].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const more = count - (this.#before.get(type) ?? 0)
      const known = KNOWN[type]
      const left = known === undefined ? 0 : (kinds.get(known.isOf) ?? 0)
      if (known !== undefined) kinds.set(known.isOf, Math.max(0, left - more))
      if (more > left) leaks.push(toLeak(type, known?.effect ?? 'native.call'))
    }
    return leaks
  }
}

function countTypes(): Map<string, number> {
  const counts = new Map<string, number>()
  for (const type of getActiveResourcesInfo()) {
    if (PASSED_OVER.test(type) || REQUEST.test(type)) continue
    counts.set(type, (counts.get(type) ?? 0) + 1)
  }
  return counts
}

function toLeak(type: string, effect: Effect): Leak {
  return {
    kind: 'resource',
    what: `a resource of Node's, a \`${type}\`,`,
    call: type,
    effect,
    resource: '',
    stack: null,
    isLetGo: false,
    outlives: false,
    close: () => {},
  }
}
