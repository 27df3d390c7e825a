import fs from 'node:fs'
import promises from 'node:fs/promises'
import { dirname, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Call, Patches } from '../patches.ts'
import { CALL_TABLE, type CallRow } from './call-table.ts'
import { realpathNative } from './calls-on-attributes.ts'
import { callBack, callbackForm, type Form, isFunction, promiseForm, syncForm } from './forms.ts'
import { contentForm, openForm, streamForm } from './handle-forms.ts'
import { MemoryDisk } from './memory-disk.ts'
import { Pass } from './pass.ts'
import { callReal, isOnRealDisk, real } from './real-disk.ts'
import { watchForm, watchPromiseForm } from './watch.ts'
import { FileWatchers } from './watch-file.ts'

export interface MountOptions {
  /** Whether the code of this file (a path, or a file URL) keeps the real disk, though the disk of memory is active: it is not the user's. */
  isOutside?: (file: string) => boolean
}

/** A memory disk that stands over the real one for all of `node:fs`, as long as it is active. */
export interface Mount {
  readonly disk: MemoryDisk
  activate(): void
  deactivate(): void
  /** Gives `node:fs` back as it was. */
  undo(): void
}

/**
 * Puts a disk of memory over the real one. It is not active yet.
 *
 * Not reached: functions that were taken out of `node:fs` before, native addons, child processes, worker threads, and
 * Node's own loading of modules.
 */
export function mountMemoryDisk({ isOutside }: MountOptions = {}): Mount {
  const disk = new MemoryDisk()
  const patches = new Patches()
  let isActive = false
  const isOurs: Form['isOurs'] = (caller, isReading) => {
    if (!isActive || isOnRealDisk() || (isReading && disk.isUntouched)) return false
    const file = fileOfCaller(caller)
    return !isOwn(file) && isOutside?.(file) !== true
  }
  patches.batch(() => patchAll(patches, disk, isOurs))
  return {
    disk,
    activate: () => {
      isActive = true
    },
    deactivate: () => {
      isActive = false
    },
    undo: () => {
      isActive = false
      patches.undoAll()
    },
  }
}

const OWN = dirname(fileURLToPath(import.meta.url))

/** forkpoint looks at the real disk. */
function isOwn(file: string): boolean {
  const path = file.startsWith('file://') ? fileURLToPath(file) : file
  return path.startsWith(OWN + sep)
}

function patchAll(patches: Patches, disk: MemoryDisk, isOurs: Form['isOurs']): void {
  for (const [name, row] of Object.entries(CALL_TABLE)) {
    const realSync = Reflect.get(real, `${name}Sync`) as Call | undefined
    if (realSync === undefined) continue
    const form: Form = { disk, row, realSync, isOurs }
    patches.patch(fs, `${name}Sync`, original => syncForm(form, original))
    patches.patch(fs, name, original =>
      name === 'exists' ? existsForm(form, original) : callbackForm(form, original),
    )
    const ofPromises: Form = name === 'realpath' ? { ...form, row: NATIVE_REALPATH } : form
    patches.patch(promises, name, original => {
      if (name === 'open') return openForm(form, original)
      return name === 'readFile' || name === 'writeFile' || name === 'appendFile'
        ? contentForm(name, form, original)
        : promiseForm(ofPromises, original)
    })
  }
  const native: Form = {
    disk,
    row: NATIVE_REALPATH,
    realSync: real.realpathSync.native as Call,
    isOurs,
  }
  patches.patch(fs.realpathSync, 'native', original => syncForm(native, original))
  patches.patch(fs.realpath, 'native', original => callbackForm(native, original))
  for (const name of ['createReadStream', 'createWriteStream'] as const) {
    patches.patch(fs, name, original => streamForm(name, original))
  }
  patchWatching(patches, disk, isOurs)
  loadGlob()
}

function patchWatching(patches: Patches, disk: MemoryDisk, isOurs: Form['isOurs']): void {
  const form = { disk, isOurs }
  const watchers = new FileWatchers(isOurs, lookAt)
  patches.patch(fs, 'watch', original => watchForm(form, original))
  patches.patch(fs, 'watchFile', original => watchers.watchForm(original))
  patches.patch(fs, 'unwatchFile', original => watchers.unwatchForm(original))
  const watchAlways = watchForm({ disk, isOurs: () => true }, real.watch as Call)
  patches.patch(promises, 'watch', original => watchPromiseForm(form, watchAlways, original))

  function lookAt(...args: readonly unknown[]): unknown {
    const row = CALL_TABLE.stat
    const seen = row?.call(disk, args, real.statSync as Call)
    return seen instanceof Pass ? callReal(real.statSync as Call, undefined, seen.args) : seen
  }
}

const NATIVE_REALPATH: CallRow = { call: realpathNative, isReading: true }

/** The one callback without an error. */
function existsForm(form: Form, original: Call): Call {
  return function call(this: unknown, path, callback) {
    if (!isFunction(callback) || !form.isOurs(call, true)) {
      return Reflect.apply(original, this, [path, callback])
    }
    // The real one, where it is asked, has no error to give either.
    const seen = (error: unknown, is?: unknown): unknown => callback(is ?? error ?? false)
    return callBack(form, original, this, [path], seen)
  }
}

/** Node's globbing takes the functions that it needs when it is first used: now they are these. */
function loadGlob(): void {
  const { globSync } = real as { globSync?: (pattern: string, options: object) => unknown }
  globSync?.('.', { cwd: process.execPath })
}

/** The file that a patched function is called from; empty for Node itself. */
function fileOfCaller(below: Call): string {
  const { stackTraceLimit, prepareStackTrace } = Error
  const holder: { stack?: unknown } = {}
  Error.stackTraceLimit = 1
  Error.prepareStackTrace = (_, [site]) => site?.getFileName() ?? ''
  Error.captureStackTrace(holder, below)
  const file = holder.stack
  Error.stackTraceLimit = stackTraceLimit
  if (prepareStackTrace === undefined) Reflect.deleteProperty(Error, 'prepareStackTrace')
  else Error.prepareStackTrace = prepareStackTrace
  return typeof file === 'string' ? file : ''
}
