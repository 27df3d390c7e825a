import type { ChildProcess } from 'node:child_process'
import { subscribe } from 'node:diagnostics_channel'
import os from 'node:os'
import type { Worker } from 'node:worker_threads'
import { findDeclared } from '../../annotations/declared.ts'
import type { Effect } from '../catalogue/nature.ts'
import type { Call, Patches } from '../patches.ts'
import { type Handle, handleOfProcess } from './handle-journal.ts'
import { type Handlers, original } from './handlers.ts'
import type { HostGuard } from './host-guard.ts'
import type { WatchedCall } from './watched-calls.ts'

/** Of `process`: what each call touches. */
const EFFECTS_OF: Readonly<Record<string, Effect>> = {
  kill: 'process.signal',
  dlopen: 'native.load',
  binding: 'native.call',
}

/** Functions that start processes, signal them, change what this one may do, or load native code. */
export function processHandlers(
  guard: HostGuard,
  patches: Patches,
): Pick<Handlers, 'spawn' | 'run' | 'process' | 'priority'> {
  /** Processes that this one has started. */
  const own = new Set<number>()
  const isInTest = (): boolean => guard.phase === 'test'
  watchThreads(guard, patches)
  return {
    spawn: call => {
      const result = original(call)
      const child = call.self as ChildProcess
      if (child.pid !== undefined) own.add(child.pid)
      if (isInTest() && child.pid !== undefined) noteSpawn(guard, child, call)
      return result
    },
    // A command that fails has run.
    run: call => {
      const [file, args] = call.args
      const resource = commandOf([file, ...(Array.isArray(args) ? args : [])])
      guard.report({ call: call.name, effect: 'process.spawn', nature: 'unsafe', resource }, call.below)
      return guard.run(() => original(call))
    },
    // One that fails has done nothing.
    process: call => {
      const result = guard.run(() => original(call))
      const [first, second] = call.args
      const { key, name, below } = call
      if (key === 'kill' && (second === 0 || first === process.pid || own.has(Number(first)))) return result
      const resource =
        key === 'kill' ? `${first} ${second ?? 'SIGTERM'}` : String(key === 'dlopen' ? second : first)
      guard.report(
        { call: name, effect: EFFECTS_OF[key] ?? 'process.identity', nature: 'unsafe', resource },
        below,
      )
      return result
    },
    priority: call => {
      if (isInTest()) notePriority(guard, call)
      return original(call)
    },
  }
}

function noteSpawn(guard: HostGuard, child: ChildProcess, { args, below }: WatchedCall): void {
  const options = args[0] as { args?: unknown; detached?: unknown } | undefined
  const command = commandOf(Array.isArray(options?.args) ? options.args : [])
  const call = {
    call: 'child_process.spawn',
    effect: 'process.spawn',
    nature: 'unsafe',
    resource: command,
  } as const
  guard.report(call, below)
  const isDetached = options?.detached === true
  if (child.pid !== undefined && (!isDetached || findDeclared() !== null)) guard.left.processes.add(child.pid)
  // One that is let go on purpose lives on.
  if (!isDetached) guard.open(handleOfProcess(child, command), below)
}

/** The command line, as short as it can be told from others. */
function commandOf(parts: readonly unknown[]): string {
  const command = parts.map(String).join(' ')
  return command.length > 80 ? `${command.slice(0, 79)}…` : command
}

function notePriority(guard: HostGuard, { args, original, below }: WatchedCall): void {
  const { getPriority } = os
  const pid = args.length > 1 ? Number(args[0]) : 0
  const before = getPriority(pid)
  guard.open(
    {
      kind: null,
      what: 'a priority',
      call: 'os.setPriority',
      effect: 'process.priority',
      resource: String(pid),
      isOpen: () => getPriority(pid) !== before,
      close: () => Reflect.apply(original, os, [pid, before]),
    },
    below,
  )
}

/** Node tells of each thread from within its constructor, which can't be replaced. */
function watchThreads(guard: HostGuard, patches: Patches): void {
  const ended = new WeakSet<object>()
  let isWatched = false
  const note = (message: unknown): void => {
    if (!guard.isWatching || guard.phase !== 'test') return
    const { worker } = message as { worker: Worker }
    if (!isWatched) {
      isWatched = true
      patches.patch(Object.getPrototypeOf(worker) as object, 'terminate', original => {
        return function terminate(this: unknown, ...args) {
          ended.add(this as object)
          return Reflect.apply(original, this, args)
        }
      })
    }
    const call = { call: 'worker_threads.Worker', effect: 'thread.start', resource: '' } as const
    guard.report({ ...call, nature: 'unsafe' }, note as Call)
    const handle: Handle = {
      ...call,
      kind: 'thread',
      what: 'a worker thread',
      isOpen: () => worker.threadId !== -1 && !ended.has(worker),
      close: () => void worker.terminate(),
    }
    guard.open(handle, note as Call)
  }
  subscribe('worker_threads', note)
}
