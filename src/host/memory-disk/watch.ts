import { EventEmitter, on } from 'node:events'
import type { FSWatcher } from 'node:fs'
import { basename, dirname, relative, resolve, sep } from 'node:path'
import { setImmediate } from '../../intrinsics.ts'
import type { Call } from '../patches.ts'
import { systemError } from './errno.ts'
import type { Form } from './forms.ts'
import type { Found } from './found.ts'
import type { MemoryDisk } from './memory-disk.ts'
import { encodePath, readOptions, readPath } from './read-arguments.ts'
import { callReal } from './real-disk.ts'
import { diskOf, isDirectory, walk } from './walk.ts'

/** What `fs.watch` returns for a path that only memory has. Nothing waits for it: writes are seen as they are made. */
class MemoryWatcher extends EventEmitter {
  close(): void {
    setImmediate(() => this.emit('close'))
  }

  ref(): this {
    return this
  }

  unref(): this {
    return this
  }
}

/** `fs.watch`: the system tells of changes on the disk, and the memory of its own. */
export function watchForm(form: Pick<Form, 'disk' | 'isOurs'>, original: Call): Call {
  return function call(this: unknown, ...args) {
    const path = readPath(args[0])
    if (path === null || !form.isOurs(call, false)) return Reflect.apply(original, this, args)
    const listener = args.find(arg => typeof arg === 'function') as ((...told: unknown[]) => void) | undefined
    const options = readOptions(typeof args[1] === 'function' ? undefined : args[1])
    const watcher = openWatcher(form.disk, path, args, original)
    if (watcher instanceof MemoryWatcher && listener) watcher.on('change', listener)
    const stop = tellAbout(form.disk, path, options, watcher)
    const { signal } = options
    if (signal instanceof AbortSignal) signal.addEventListener('abort', () => watcher.close())
    const { close } = watcher
    watcher.close = () => {
      stop()
      Reflect.apply(close, watcher, [])
    }
    return watcher
  }
}

function openWatcher(
  disk: MemoryDisk,
  path: string,
  args: readonly unknown[],
  original: Call,
): FSWatcher | MemoryWatcher {
  const found = find(disk, path)
  if (found === null)
    throw Object.assign(systemError('ENOENT', { syscall: 'watch', path }), { filename: path })
  const onDisk = isDirectory(found) ? diskOf(found) : found.disk
  return onDisk === null
    ? new MemoryWatcher()
    : (callReal(original, undefined, [onDisk, ...args.slice(1)]) as FSWatcher)
}

function find(disk: MemoryDisk, path: string): Found | null {
  try {
    return walk(disk.root, path, true).found
  } catch {
    return null
  }
}

function tellAbout(
  disk: MemoryDisk,
  path: string,
  options: Readonly<Record<string, unknown>>,
  watcher: EventEmitter,
): () => void {
  const watched = resolve(path)
  const listener = (kind: string, changed: string): void => {
    const full = resolve(changed)
    const isBelow = options.recursive === true && full.startsWith(watched + sep)
    if (full !== watched && dirname(full) !== watched && !isBelow) return
    const name = isBelow ? relative(watched, full) : basename(full)
    setImmediate(() => watcher.emit('change', kind, encodePath(name, options)))
  }
  disk.listeners.add(listener)
  return () => disk.listeners.delete(listener)
}

/** `fs.promises.watch`. */
export function watchPromiseForm(form: Pick<Form, 'disk' | 'isOurs'>, watch: Call, original: Call): Call {
  return function call(this: unknown, ...args) {
    if (!form.isOurs(call, false)) return Reflect.apply(original, this, args)
    return eachChange(args, () => watch(...args) as FSWatcher)
  }
}

async function* eachChange(
  [, options]: readonly unknown[],
  open: () => FSWatcher,
): AsyncGenerator<{ eventType: unknown; filename: unknown }> {
  const { signal } = readOptions(options)
  const watcher = open()
  try {
    for await (const [eventType, filename] of on(
      watcher,
      'change',
      signal instanceof AbortSignal ? { signal } : {},
    )) {
      yield { eventType, filename }
    }
  } finally {
    watcher.close()
  }
}
