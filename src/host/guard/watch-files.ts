import fs, { type WriteStream } from 'node:fs'
import type { FileHandle } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import type { Call, Patches } from '../patches.ts'
import { pathOfDescriptor } from './disk-guard.ts'
import { FILE_CALLS, type FileCall, HANDLE_CALLS } from './file-calls.ts'
import { type FileChange, resourceOf } from './file-change.ts'
import { type Handlers, original } from './handlers.ts'
import { HostGuard } from './host-guard.ts'
import { descriptorNoter, fileHandleNoter, noteDescriptor, noteStream } from './open-files.ts'
import type { WatchedCall } from './watched-calls.ts'

/** What has to be done once a call has succeeded. */
type After = ((result: unknown) => void) | null

/** Functions of `node:fs` that change the disk, in their three forms. */
export function fileHandlers(
  guard: HostGuard,
  patches: Patches,
): Pick<
  Handlers,
  'file-sync' | 'file-read' | 'file-callback' | 'file-promise' | 'file-stream' | 'file-watcher' | 'file-made'
> {
  return {
    'file-sync': call => {
      const seen = before(guard, call)
      const result = guard.run(() => original(call))
      seen?.(result)
      if (call.key === 'open') noteDescriptor(guard, call, result)
      return result
    },
    'file-read': call => guard.run(() => original(call)),
    'file-callback': call => {
      const seen = before(guard, call)
      const { args, key } = call
      const callback = args[args.length - 1]
      // Of most calls nothing is to be learnt from the result: the path is looked at when the test ends.
      const opened = key === 'open' ? descriptorNoter(guard, call) : null
      const told = opened ?? (isNamedByResult(key) ? seen : null)
      if (told !== null && typeof callback === 'function') {
        args[args.length - 1] = function (this: unknown, ...results: unknown[]) {
          if (!results[0]) told(results[1])
          return Reflect.apply(callback, this, results)
        }
      }
      return guard.run(() => original(call))
    },
    'file-promise': call => {
      const seen = before(guard, call)
      const opened = call.key === 'open' ? fileHandleNoter(guard, call) : null
      const promise = guard.run(() => original(call)) as Promise<unknown>
      if (call.key === 'open') {
        return promise.then(handle => {
          opened?.(handle as FileHandle)
          return watchHandle(guard, patches, handle)
        })
      }
      if (seen === null || !isNamedByResult(call.key)) return promise
      return promise.then(result => {
        seen(result)
        return result
      })
    },
    // Node opens the file later, when no line of user code is under way.
    'file-stream': call => {
      before(guard, call, STREAM)
      const stream = guard.run(() => original(call)) as WriteStream
      noteStream(guard, call, stream)
      return stream
    },
    // Written by native code, under a name that it chooses.
    'file-made': call => {
      const path = original(call)
      if (guard.phase === 'test' && typeof path === 'string') noteMade(guard, call, resolve(path))
      return path
    },
    'file-watcher': call => {
      const watcher = original(call)
      if (guard.phase === 'test') noteWatcher(guard, call, watcher as Watcher)
      return watcher
    },
  }
}

const STREAM: FileCall = {
  effect: 'fs.write',
  read: ([target, options], pathOf) => {
    const { fd, flags = 'w' } = ((typeof options === 'object' ? options : null) ?? {}) as {
      fd?: unknown
      flags?: unknown
    }
    return fd === undefined ? (FILE_CALLS.open?.read([target, flags], pathOf) ?? null) : null
  },
}

/** The name of what it has made is its result. */
function isNamedByResult(key: string): boolean {
  return key === 'mkdtemp' || key === 'mkdtempDisposable'
}

let isHandleWatched = false

/** Node does not export the class: it is found by its first object. */
function watchHandle(guard: HostGuard, patches: Patches, handle: unknown): unknown {
  if (isHandleWatched || typeof handle !== 'object' || handle === null) return handle
  isHandleWatched = true
  const prototype: object = Object.getPrototypeOf(handle)
  for (const [key, fileCall] of Object.entries(HANDLE_CALLS)) {
    const name = `fs.promises.FileHandle.prototype.${key}`
    patches.patch(prototype, key, original => {
      return function watched(this: unknown, ...args) {
        if (!guard.isWatching) return Reflect.apply(original, this, args)
        const { fd } = this as { fd: unknown }
        before(guard, { name, key, args: [fd, ...args], below: watched }, fileCall)
        return guard.run(() => Reflect.apply(original, this, args))
      }
    })
  }
  return handle
}

function noteMade(guard: HostGuard, { name, below }: WatchedCall, path: string): void {
  if (guard.disk.isWhole) {
    guard.disk.noteTemporary(path)
    return
  }
  const hasHappened = (): boolean => fs.existsSync(path)
  guard.report({ call: name, effect: 'fs.write', nature: 'compensable', resource: path, hasHappened }, below)
}

interface Watcher {
  close?(): void
  once(event: string, heard: () => void): void
}

function noteWatcher(guard: HostGuard, { name, key, args, below }: WatchedCall, watcher: Watcher): void {
  let isOpen = true
  watcher.once(key === 'watch' ? 'close' : 'stop', () => {
    isOpen = false
  })
  const [path] = args
  guard.open(
    {
      kind: 'watcher',
      what: `a watcher of ${String(path)}`,
      call: name,
      effect: 'fs.watch',
      resource: String(path),
      of: watcher,
      isOpen: () => isOpen,
      close: () =>
        key === 'watch' ? watcher.close?.() : fs.unwatchFile(path as string, args[args.length - 1] as never),
    },
    below,
  )
}

/** Before the call is made. @returns what to do when it has succeeded */
function before(
  guard: HostGuard,
  { name, key, args, below }: Pick<WatchedCall, 'name' | 'key' | 'args' | 'below'>,
  call: FileCall | undefined = FILE_CALLS[key],
): After {
  const change = call?.read(args, pathOfDescriptor) ?? null
  if (call === undefined || change === null) return null
  // Of other calls in tests it only matters for what is reported, and is asked there: it takes longer than all else.
  const isMeant = guard.phase === 'fixture' || guard.disk.isWhole || change.kind === 'temporary'
  if (isMeant && guard.isOfRun(below)) return null
  if (guard.phase === 'fixture') {
    guard.noteFixture(change)
    return change.kind === 'temporary'
      ? result => noteTemporary(result, path => guard.disk.footprint.noteTree(path))
      : null
  }
  if (change.kind === 'temporary')
    return result => noteTemporary(result, path => noteOwnFolder(guard, { name, below }, path))
  return keep(guard, name, call, change, below)
}

function noteOwnFolder(
  guard: HostGuard,
  { name, below }: Pick<WatchedCall, 'name' | 'below'>,
  path: string,
): void {
  const why = guard.disk.noteTemporary(path)
  if (why !== null)
    guard.report({ call: name, effect: 'fs.create', nature: 'unsafe', resource: path }, below, { why })
}

function keep(guard: HostGuard, name: string, call: FileCall, change: FileChange, below: Call): After {
  const { disk } = guard
  const { left, problem, settle } = guard.run(() => disk.keep(change))
  const isStep = left.length + Number(problem !== null) > 0 && !HostGuard.isOfUser(below)
  if (left.length > 0 && !isStep) {
    const hasHappened = (): boolean => left.some(path => disk.isChanged(path))
    guard.report(
      { call: name, effect: call.effect, nature: 'compensable', resource: resourceOf(change), hasHappened },
      below,
    )
  }
  if (problem !== null && !isStep) {
    guard.report({ call: name, effect: call.effect, nature: 'unsafe', resource: resourceOf(change) }, below, {
      why: problem,
    })
  }
  return settle
}

function noteTemporary(result: unknown, note: (path: string) => void): void {
  const path = typeof result === 'object' && result !== null && 'path' in result ? result.path : result
  if (typeof path === 'string') note(path)
  else if (path instanceof Uint8Array) note(dirname(`${Buffer.from(path).toString()}/x`))
}
