import fs from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseJson } from '../intrinsics.ts'

/** As they were before user code: it may replace what a module of Node's exports. */
const { existsSync, readFileSync } = fs

/** Another thread of this process: id, name (the program's own on Node < 24), state letter as in proc(5). */
export type ThreadEntry = [tid: number, name: string, state: string]

/**
 * A connected stream socket: `id` is the kernel's own and not used twice; `pid` is who was at the other end of a unix
 * socket when it was opened, 0 of TCP; `other` is the place in the list of the other end where that is in this process
 * too, else -1; `unread` bytes wait to be read; `peer` is the address of the other end, empty when it has none.
 */
export type ConnectionEntry = [
  fd: number,
  id: number,
  pid: number,
  other: number,
  unread: number,
  isEstablished: boolean,
  peer: string,
]

/** Lives as long as it is referred to. */
declare const memoryLog: unique symbol
export interface MemoryLog {
  readonly [memoryLog]: true
}

/** A system call that was refused, the errno's name, and what it was made on; empty for nothing. */
export type FailedStep = [call: string, code: string, path: string]

/** A process that was ended: `root` is the child that it has come from, `program` what it ran, `command` its command line. */
export type EndedProcess = [pid: number, root: number, program: string, command: string]

/**
 * native/: one system service per call, no policy. A failing call throws an Error whose `code` is the errno's
 * name and whose message names the call.
 */
export interface Addon {
  /**
   * Runs fork(2), after which both processes return from this call: the parent with `[child's pid, read end]` of the
   * child's result pipe and the write end of its order pipe, the child with 0 and the other ends. In the child the loop is
   * usable, a `SIGKILL` follows the parent's death (Linux), each descriptor in `silence` is a silent socket, each in
   * `close` is closed (64 at most of both), and no other thread exists.
   * `resetCondvars` clears the waiters those threads left on glibc's condition variables: needed where the process
   * was not started with `--v8-pool-size=1`. Call it after a `setImmediate`: while Node drains V8's tasks (where it may
   * continue after a WebAssembly compilation) the child would wait for tasks that only those threads could end.
   * Regular files have an offset of their own in the child (where one can't be opened again, `collect` puts the offset
   * back in the parent), and so has each connection over TCP whose both ends are in this process; standard streams stay
   * shared (Linux; elsewhere all of it is shared).
   * A child that can't be set up exits with 98, one born an orphan with 99.
   */
  fork(
    resetCondvars: boolean,
    silence: readonly number[],
    close: readonly number[],
  ): [pid: number, result: number, orders: number]
  /** While guarded, the process ends with 97 before its event loop would look at any descriptor. */
  guardLoop(isGuarded: boolean): void
  /**
   * Writes one message to an order pipe; waits at most so long each time the pipe is full (negative: for ever). False when
   * nobody reads it, or not in time.
   */
  send(fd: number, message: Uint8Array, waitMs: number): boolean
  /** Blocks the thread until the next message has come whole; undefined when there will be none. */
  receive(fd: number): Buffer<ArrayBuffer> | undefined
  /**
   * Blocks the thread until the child has closed its result pipe, and closes this end. When the child has written nothing
   * for `deadlineMs` (0: any time) it is killed and `timedOut` is true; what it had written is returned. A child that
   * finished may still be leaving: `reap` it. Connections that wait to be accepted then are dropped: they are the child's.
   */
  collect(pid: number, fd: number, deadlineMs: number): [timedOut: boolean, result: Buffer<ArrayBuffer>]
  /**
   * Blocks the thread until the child has ended, at most so long (0: not at all; negative: for ever). The raw status of
   * wait(2), once; null when it has not ended.
   */
  reap(pid: number, waitMs: number): number | null
  /** SIGKILL. */
  kill(pid: number): void
  close(fd: number): void
  /** Blocks the thread until one of the descriptors (64 at most) has something to read or has ended; their indexes. */
  poll(fds: readonly number[], waitMs: number): number[]
  /** What there is to read, 1 MB at most; empty at the end. */
  read(fd: number): Buffer<ArrayBuffer>
  /** Writes without waiting; how many bytes. */
  writeSome(fd: number, bytes: Uint8Array): number
  /** A descriptor of a file without a name, in memory where the system can. All processes that have it append to it. */
  temporaryFile(): number
  /** Makes `fd` another name of `target`, as dup2(2) does. */
  redirect(fd: number, target: number): void
  /**
   * Writes the whole result, lets go of all descriptors, of that of the result last, and ends the process at once. Exits
   * with 98 when nobody reads the result any more.
   */
  finish(fd: number, result: Uint8Array, code: number): never
  /** _exit(2): no exit handler runs, nothing is flushed. */
  exit(code: number): never
  /**
   * A `SIGKILL` follows the death of the thread that has started this process (Linux). Children of `fork` have that anyway. It
   * comes for deaths from now on: who has died before is not noticed.
   */
  dieWithParent(): void
  /** Requests in flight on the event loop (file system, DNS, zlib, crypto): what getActiveResourcesInfo misses. */
  activeRequests(): number
  /** Starts the threads that do work for the event loop; it has a request in flight until its next turn. */
  startThreadPool(): void
  /** The other threads of this process; empty where the system does not list them. */
  threads(): ThreadEntry[]
  /** The connected stream sockets of this process; empty where the system does not list them. */
  connections(): ConnectionEntry[]
  residentBytes(): number
  /** getpid(2): `process.pid` is remembered by Node and stale in a child. */
  pid(): number
  /**
   * Backs the resident part of private mappings of at least `minBytes` with huge pages, so that fork(2) has fewer page
   * tables to copy. `failures` counts blocks the kernel refused (before Linux 6.1: all of them), `left` those that were
   * not tried because `budgetMs` was used up, or that were in use just then; a block that has a huge page already is counted
   * with the others, and costs next to nothing.
   */
  collapse(minBytes: number, budgetMs: number): [blocks: number, ms: number, failures: number, left: number]
  /**
   * Reserves what is free of this range of addresses, without memory behind it, and returns how many bytes that was: who
   * then asks the kernel for memory at an address of the range gets it elsewhere, next to what was mapped last.
   */
  reserve(from: number, to: number): number
  /**
   * A log of the memory that objects have been written to, as the kernel sees it; undefined where it does not tell (before Linux
   * 6.7, elsewhere, or where a sandbox forbids it). Where V8 keeps what is read from samples: `{ x: 1.5 }`, an object with
   * properties beside it, a Map, a Set, `arguments`, a literal array as it was written; two functions made by one call, and one
   * made by another call of the same, which see one variable that holds a fraction.
   */
  openLog(samples: readonly object[]): MemoryLog | undefined
  /** It is of no use any more. */
  closeLog(log: MemoryLog): void
  /**
   * From now on changes of these objects, none of which is a proxy, are noticed: each under its number. Returns the numbers of
   * those of which that can't be done.
   *
   * @param scopes 0; or of functions: of changes not of them, but of the variables that they see in so many scopes next to them
   */
  noteObjects(log: MemoryLog, objects: readonly object[], units: Uint32Array, scopes: number): Uint32Array
  /** The same of bytes, each view under its number. */
  noteBytes(log: MemoryLog, views: readonly Uint8Array[], units: Uint32Array): void
  /**
   * The numbers of what was written since it was noted, or last taken, in order; and of what shares pages with it, or whose
   * pages are no more what they were. All of them have to be noted again.
   */
  takeWritten(log: MemoryLog): Uint32Array
  /** Gives back to the system what the C library holds for reuse (glibc; elsewhere nothing). */
  trim(): void
  /**
   * In a child: has `finish` note which pages of memory it has touched, at most `pages` written ones, once its end has been
   * seen. The notes are shared by all processes that fork, and the last ones hold.
   */
  noteAtFinish(pages: number): void
  /**
   * In a child: makes the noted pages ready, so that touching them is no page fault any more, until there is something to
   * read from `fd`. Returns the number of ranges it came to.
   */
  touchNoted(fd: number): number
  /**
   * In a child that has run nothing yet: gives it parts of the system to itself (Linux), a network with nobody else on it, and
   * folders whose changes go to memory and end with the last process that sees them. Files that are open are opened again there.
   *
   * @param asUser by a user namespace, whose privileges are given up again
   * @param at an existing folder: one of `overlays`, or any if the first of these is the root
   * @param overlays the outermost first
   * @param binds what stays as it is for all processes, below those folders
   * @returns where the changes are, and then what is beneath each overlay, as descriptors; or what has failed
   */
  isolate(
    asUser: boolean,
    hasNetwork: boolean,
    at: string,
    overlays: readonly string[],
    binds: readonly string[],
  ): number[] | FailedStep
  /** Tries `isolate` out, in a process that ends at once. @returns undefined when it works */
  tryIsolation(
    asUser: boolean,
    hasNetwork: boolean,
    at: string,
    overlays: readonly string[],
    binds: readonly string[],
  ): FailedStep | undefined
  /** What this process has started becomes its own child when its parent ends (Linux). A child of `fork` does not inherit that. */
  adoptOrphans(): void
  /**
   * Ends all that this process has started and adopted, and what that has started, but for what ends within 50 ms; waits until they are
   * dead, ten seconds at most (Linux).
   *
   * @param onlyIsolated only what has come from a child that was isolated, or whose calls were watched; nobody else may wait for it
   * @param kept children that are left alone, with what they have started; 256 at most
   */
  endProcesses(onlyIsolated: boolean, kept: readonly number[]): EndedProcess[]
  /** Memory for a log of system calls, which a child shares (Linux, x64 and arm64); its layout is that of native/call-log.h. */
  openCallLog(): ArrayBuffer
  /**
   * In a child: from here on system calls that change something outside of it, its own and those of all that it starts, are written to the
   * log before they are made. By a thread of its own; where that fails the process ends with 95.
   */
  watchCalls(log: ArrayBuffer): void
  /** Whether the thread that `watchCalls` has started lives. */
  isWatched(): boolean
  /** Why `watchCalls` can't work on this system, as an errno's name; undefined where it can. */
  refuseToWatch(): string | undefined
}

/** The package's own folder, from src/fork/ as from the bundles in dist/. */
function findPackageRoot(from: string): string | undefined {
  for (let folder = from; ; folder = dirname(folder)) {
    const manifest = join(folder, 'package.json')
    if (
      existsSync(manifest) &&
      (parseJson(readFileSync(manifest, 'utf8')) as { name?: unknown }).name === 'forkpoint'
    )
      return folder
    if (folder === dirname(folder)) return undefined
  }
}

/** Whether this is Linux without glibc (Alpine): the prebuilt binaries are linked against glibc. */
export function isMusl(): boolean {
  if (process.platform !== 'linux') return false
  const report = process.report.getReport() as { header?: { glibcVersionRuntime?: string } }
  return report.header?.glibcVersionRuntime === undefined
}

/** Why there is no addon, and what to do about it. */
export interface AddonRefusal {
  why: string
  remedy: string
}

/** Loads the file `FORKPOINT_ADDON` names, and only that; or, without it, the binary in prebuilds/ made for this platform. */
export function loadAddon(): Addon | AddonRefusal {
  const platform = `${process.platform}-${process.arch}`
  const given = process.env.FORKPOINT_ADDON
  const here = dirname(fileURLToPath(import.meta.url))
  const root = findPackageRoot(here)
  if (!given && !root)
    return {
      why: `no package.json named "forkpoint" lies in ${here} or above it, so its prebuilds folder can't be found`,
      remedy: 'set FORKPOINT_ADDON to the path of forkpoint.node',
    }
  const path = given ? resolve(given) : join(root ?? here, 'prebuilds', platform, 'forkpoint.node')
  const tried = given ? `${path} (from FORKPOINT_ADDON)` : path
  if (!existsSync(path))
    return {
      why: `the native addon is missing: there is no ${tried}`,
      remedy: given
        ? 'correct or unset FORKPOINT_ADDON'
        : `run npm run build in the repository with a C compiler, or install a release of forkpoint built for ${platform}`,
    }
  try {
    // Not require: it would run a file of another extension as JavaScript.
    const loaded: { exports: unknown } = { exports: {} }
    process.dlopen(loaded, path)
    return loaded.exports as Addon
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return {
      why: `the native addon ${tried} does not load: ${reason}`,
      remedy: isMusl()
        ? 'the shipped binaries need glibc: run npm run build in the repository on this system, and set FORKPOINT_ADDON to the result'
        : `run npm run build in the repository with a C compiler, or install a release of forkpoint built for ${platform}`,
    }
  }
}
