import { resolve, sep } from 'node:path'
import { findDeclared } from '../../annotations/declared.ts'
import { type CallLog, type LoggedCall, stateOf } from '../../system-calls/read-log.ts'
import { classify } from '../catalogue/classify.ts'
import { readPath } from '../memory-disk/read-arguments.ts'
import { real } from '../memory-disk/real-disk.ts'
import type { HostCall } from './host-call.ts'
import type { OwnPeers } from './own-peers.ts'
import type { WatchedCall } from './watched-calls.ts'

/** What `LoggedCall.known` says of the call of JavaScript that was under way. */
const KNOWN = 1
const DECLARED = 2

/** Devices, and the kernel's own files: but for memory that is shared by a name. */
const OF_THE_KERNEL = /^\/(dev(?!\/shm\/)|proc)(\/|$)/

/** Who asks for a name only asks. */
const NAME_SERVICE = /:53$|^(\/var)?\/run\/(nscd|systemd\/resolve)\b/

/** Calls that start a program. */
const STARTS = /^execve(at)?$/

/** A system call that no replaced function has seen, and that has changed something. */
export interface UnseenCall {
  call: HostCall
  /** Who made it, as a clause. */
  why: string
  /** The test's own process, and none that it has started. */
  isOfProcess: boolean
}

export interface Surroundings {
  peers: OwnPeers
  /** A rule says that it is no matter. */
  isAllowed(call: HostCall): boolean
  /** A replaced function has told of the path. */
  isReported(path: string): boolean
  /** What happens to the path is undone, or seen by nobody else. */
  isUndone(path: string, isOfProcess: boolean): boolean
  /** The process of the test. */
  pid: number
}

/**
 * The system calls of one test, as the kernel tells of them: of these, what the replaced functions have not seen. It reports, and
 * is no wall: a path may lead elsewhere by the time the call is made.
 */
export class SystemCallWatch {
  readonly #log: CallLog
  /** What watched calls of the test were given: those of other threads come later. */
  #seen = new Set<string>()
  #hasConnected = false
  /** A library is being loaded. */
  #isLoading = false

  constructor(log: CallLog) {
    this.#log = log
  }

  begin(): void {
    this.#log.begin()
    this.#seen = new Set()
    this.#hasConnected = false
  }

  /** Makes a call that JavaScript knows of: system calls of this thread are part of it. */
  during<T>(call: () => T, watched?: Pick<WatchedCall, 'kind' | 'key' | 'args'>): T {
    if (watched !== undefined) this.#note(watched)
    const { known } = this.#log
    const isLoading = this.#isLoading
    this.#isLoading ||= watched?.key === 'dlopen'
    // What a library does when it is loaded is its own.
    if (!this.#isLoading) this.#log.known = known || (findDeclared() === null ? KNOWN : DECLARED)
    try {
      return call()
    } finally {
      this.#log.known = known
      this.#isLoading = isLoading
    }
  }

  #note({ kind, key, args }: Pick<WatchedCall, 'kind' | 'key' | 'args'>): void {
    if (kind === 'connect' || kind === 'fetch' || kind === 'send') this.#hasConnected = true
    for (const arg of args.slice(0, 2)) {
      const path = readPath(arg)
      if (path !== null) this.#seen.add(key.startsWith('mkdtemp') ? `${resolve(path)}*` : resolve(path))
    }
  }

  /** What has happened since `begin`. */
  take(around: Surroundings): UnseenCall[] {
    return find(this.#log, { around, hasConnected: this.#hasConnected }, (call, { safe }) => {
      if (call.command !== '') return isOfKnown(call, safe, call.known > 0)
      return (call.isMain && call.known > 0) || (!call.isMain && this.#isSeen(call.text))
    })
  }

  #isSeen(path: string): boolean {
    for (const seen of this.#seen) {
      const isBelow = seen.endsWith('*')
        ? path.startsWith(seen.slice(0, -1))
        : path === seen || path.startsWith(seen + sep)
      if (isBelow) return true
    }
    return false
  }
}

/** What a test has done whose process has ended without a result: also what replaced functions have seen, and can't tell any more. */
export function findCrashed(log: CallLog, around: Surroundings): UnseenCall[] {
  const started = new Set<number>()
  const found = find(log, { around, hasConnected: false }, (call, { safe }) => {
    // A program may make room for another one.
    const isAgain = STARTS.test(call.name) && started.has(call.pid)
    if (STARTS.test(call.name)) started.add(call.pid)
    return call.command === '' ? call.known === DECLARED : isOfKnown(call, safe, isAgain)
  })
  const why = "the test's process made it, and ended without a result"
  return found.map(({ call, isOfProcess, ...made }) => ({
    call,
    isOfProcess,
    why: isOfProcess ? why : made.why,
  }))
}

function find(
  log: CallLog,
  { around, hasConnected }: Pick<Context, 'around' | 'hasConnected'>,
  isPart: (call: LoggedCall, context: Context) => boolean,
): UnseenCall[] {
  const calls = log.read()
  const context: Context = {
    around,
    first: firstOf(calls),
    commands: findCommands(calls),
    safe: findSafe(calls, around),
    ports: new Set(calls.filter(({ name }) => name === 'listen').map(({ text }) => portOf(text))),
    hasConnected,
  }
  const unseen = calls
    .filter(call => !isPart(call, context) && isEffect(call, context))
    .flatMap(call => describe(call, context))
  const left = log.count - log.start - calls.length
  return left > 0 ? [...unseen, describeLeft(left)] : unseen
}

interface Context {
  around: Surroundings
  /** By path, the first call on it: what was there before the test. */
  first: ReadonlyMap<string, LoggedCall>
  /** The words that each process was last told to run. */
  commands: ReadonlyMap<number, string>
  /** Processes that somebody has said are safe. */
  safe: ReadonlySet<number>
  /** Where the test and what it has started have listened. */
  ports: ReadonlySet<string>
  hasConnected: boolean
}

function firstOf(calls: readonly LoggedCall[]): Map<string, LoggedCall> {
  const first = new Map<string, LoggedCall>()
  for (const call of calls) if (!first.has(call.text)) first.set(call.text, call)
  return first
}

function findCommands(calls: readonly LoggedCall[]): Map<number, string> {
  return new Map(
    calls.filter(({ name }) => STARTS.test(name)).map(({ pid, text, other }) => [pid, other || text]),
  )
}

function findSafe(calls: readonly LoggedCall[], { isAllowed }: Surroundings): Set<number> {
  const starts = calls.filter(({ name }) => STARTS.test(name))
  const safe = starts.filter(call => {
    const [{ call: made } = { call: null }] = describe(call, { commands: new Map() })
    return call.known === DECLARED || (made !== null && isAllowed(made))
  })
  return new Set(safe.map(({ pid }) => pid))
}

/** Another process does it, and its start is known: what it starts in turn is part of that. */
function isOfKnown(
  { name, pid, root }: LoggedCall,
  safe: ReadonlySet<number>,
  isStartKnown: boolean,
): boolean {
  if (safe.has(pid) || safe.has(root)) return true
  return STARTS.test(name) && (pid !== root || isStartKnown)
}

/** Whether it has changed something outside that stays. */
function isEffect(call: LoggedCall, { around, first, commands, ports, hasConnected }: Context): boolean {
  const { name, text, command } = call
  switch (name) {
    case 'execve':
    case 'execveat':
      return true
    case 'connect':
    case 'sendto':
      if (NAME_SERVICE.test(text) || ports.has(portOf(text)) || (command === '' && hasConnected)) return false
      return !isOwnServer(text, around.peers)
    case 'kill':
    case 'ptrace': {
      const target = Number.parseInt(text, 10)
      return target !== around.pid && !commands.has(target)
    }
    case 'listen':
      return false
    case 'mount':
    case 'umount2':
      return true
    default: {
      if (
        text === '' ||
        OF_THE_KERNEL.test(text) ||
        around.isUndone(text, command === '') ||
        around.isReported(text)
      )
        return false
      return (first.get(text) ?? call).before !== stateNow(text, call.isFollowed)
    }
  }
}

/** Of an address its port, of a path the path. */
function portOf(address: string): string {
  return address.startsWith('/') ? address : address.slice(address.lastIndexOf(':') + 1)
}

function isOwnServer(address: string, peers: OwnPeers): boolean {
  if (address.startsWith('/')) return peers.hasServer(address)
  const at = address.lastIndexOf(':')
  const host = address.slice(0, at).replace(/^\[|\]$/g, '')
  return peers.hasServer({ host, port: Number(address.slice(at + 1)) })
}

function stateNow(path: string, isFollowed: boolean): string | null {
  try {
    return stateOf((isFollowed ? real.statSync : real.lstatSync)(path, { bigint: true }))
  } catch {
    return null
  }
}

function describe(
  { name, text, other, command, pid }: LoggedCall,
  { commands }: Pick<Context, 'commands'>,
): UnseenCall[] {
  const call = `syscall:${name}`
  const row = classify(call)
  if (row === null) return []
  const resource = resourceOf(name, text, other)
  const who = command === '' ? 'native code' : `\`${commands.get(pid) ?? command}\``
  return [
    {
      call: { call, effect: row.effect, nature: row.nature, resource, source: 'syscall' },
      why: `${who} made it, below JavaScript`,
      isOfProcess: command === '',
    },
  ]
}

/** Of two paths, from the one to the other. */
function resourceOf(name: string, text: string, other: string): string {
  if (other === '' || STARTS.test(name)) return text
  return name.startsWith('rename') ? `${text} -> ${other}` : `${other} -> ${text}`
}

function describeLeft(count: number): UnseenCall {
  const call = {
    call: 'syscall',
    effect: 'fs.write',
    nature: 'unsafe',
    resource: '',
    source: 'syscall',
  } as const
  return { call, isOfProcess: false, why: `there were ${count} more system calls than are kept of a test` }
}
