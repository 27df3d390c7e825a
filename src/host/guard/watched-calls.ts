import fs from 'node:fs'
import promises from 'node:fs/promises'
import { createRequire } from 'node:module'
import { annotate } from '../../annotations/annotate.ts'
import { sharedState } from '../../state.ts'
import { type Call, Patches } from '../patches.ts'

/** How a watched function is looked at: each has a handler, see `handlers.ts`. */
export type WatchKind =
  | 'file-sync'
  | 'file-read'
  | 'file-callback'
  | 'file-promise'
  | 'file-stream'
  | 'file-watcher'
  | 'connect'
  | 'socket-write'
  | 'fetch'
  | 'listen'
  | 'bind'
  | 'send'
  | 'spawn'
  | 'run'
  | 'process'
  | 'priority'
  | 'file-made'

/** A call of a watched function. */
export interface WatchedCall {
  kind: WatchKind
  /** As the catalogue has it: `fs.rmSync`. */
  name: string
  /** The function's own name: `rm` for all three forms of a file's. */
  key: string
  original: Call
  self: unknown
  args: unknown[]
  /** The function that stands for the original: who called it is to blame. */
  below: Call
}

export interface CallHandler {
  readonly isWatching: boolean
  handle(call: WatchedCall): unknown
}

/** Functions of `node:fs` that change the disk, by the name of the form with a callback. */
export const FILE_NAMES: readonly string[] = (
  'appendFile chmod chown copyFile cp fchmod fchown ftruncate futimes lchmod lchown link lutimes mkdir mkdtemp ' +
  'mkdtempDisposable open rename rm rmdir symlink truncate unlink utimes write writeFile writev'
).split(' ')

/** Where a watched method is: a module of Node, the way to the object that has it, the names, and how it is looked at. */
type Row = readonly [module: string, path: string, kind: WatchKind, names: string]

const ROWS: readonly Row[] = [
  ['net', 'Socket.prototype', 'connect', 'connect'],
  ['net', 'Socket.prototype', 'socket-write', '_writeGeneric'],
  ['net', 'Server.prototype', 'listen', 'listen'],
  ['dgram', 'Socket.prototype', 'bind', 'bind'],
  ['dgram', 'Socket.prototype', 'send', 'send'],
  ['child_process', 'ChildProcess.prototype', 'spawn', 'spawn'],
  ['child_process', '', 'run', 'spawnSync execSync execFileSync'],
  ['process', '', 'process', 'kill setuid setgid seteuid setegid setgroups initgroups dlopen binding'],
  ['process', 'report', 'file-made', 'writeReport'],
  ['v8', '', 'file-made', 'writeHeapSnapshot'],
  ['os', '', 'priority', 'setPriority'],
]

const require = createRequire(import.meta.url)

/**
 * Replaces the functions through which code leaves the process by ones that ask a handler, once there is one. Light: it is done in
 * every process before user code runs, also where nothing will be watched. Modules that are not loaded by then are not loaded for
 * it, but replaced when watching begins.
 */
export class WatchedCalls {
  /** Servers and sockets that were opened before there was a handler. */
  readonly early: Array<WeakRef<object>> = []
  readonly #patches = new Patches()
  readonly #replaced = new Set<string>()
  #handler: CallHandler | null = null

  constructor() {
    this.#patches.batch(() => {
      for (const name of FILE_NAMES) {
        this.#watch(fs, `${name}Sync`, 'file-sync', `fs.${name}Sync`, name)
        this.#watch(fs, name, 'file-callback', `fs.${name}`, name)
        this.#watch(promises, name, 'file-promise', `fs.promises.${name}`, name)
      }
      // Some versions of Node open the file by `fs.openSync`, which is no call of the test's own.
      this.#watch(fs, 'readFileSync', 'file-read', 'fs.readFileSync', 'readFileSync')
      this.#watch(fs, 'createWriteStream', 'file-stream', 'fs.createWriteStream', 'createWriteStream')
      for (const name of ['watch', 'watchFile']) this.#watch(fs, name, 'file-watcher', `fs.${name}`, name)
      this.#watch(globalThis, 'fetch', 'fetch', 'fetch', 'fetch')
      const loaded = new Set((process as unknown as { moduleLoadList?: string[] }).moduleLoadList)
      this.#watchRows(module => module === 'process' || loaded.has(`NativeModule ${module}`))
    })
  }

  /** From here on calls are given to the handler. */
  begin(handler: CallHandler): Patches {
    this.#handler = handler
    this.#patches.batch(() => this.#watchRows(() => true))
    return this.#patches
  }

  #watchRows(isWanted: (module: string) => boolean): void {
    for (const [module, path, kind, names] of ROWS) {
      const id = `${module} ${path} ${names}`
      if (this.#replaced.has(id) || !isWanted(module)) continue
      this.#replaced.add(id)
      const exported: unknown = module === 'process' ? process : require(`node:${module}`)
      const keys = path === '' ? [] : path.split('.')
      const owner = keys.reduce((object, key) => Reflect.get(Object(object), key) as unknown, exported)
      const prefix = [module, ...keys].join('.')
      for (const name of names.split(' '))
        this.#watch(Object(owner) as object, name, kind, `${prefix}.${name}`, name)
    }
  }

  #watch(owner: object, property: string, kind: WatchKind, name: string, key: string): void {
    const isOpening = kind === 'listen' || kind === 'bind'
    const calls = this
    this.#patches.patch(owner, property, original => {
      return function watched(this: unknown, ...args) {
        const handler = calls.#handler
        if (handler === null) {
          if (isOpening) calls.early.push(new WeakRef(this as object))
          return Reflect.apply(original, this, args)
        }
        if (!handler.isWatching && !isOpening) return Reflect.apply(original, this, args)
        return handler.handle({ kind, name, key, original, self: this, args, below: watched })
      }
    })
  }
}

let calls: WatchedCalls | null = null

/** Call it before user code runs: who takes a function out of Node's modules before keeps the one that is not watched. */
export function watchCalls(): WatchedCalls {
  calls ??= new WatchedCalls()
  sharedState().annotate = annotate
  return calls
}

/** Names of all functions that are watched, as the catalogue has them: for the test that none is forgotten. */
export function watchedNames(): string[] {
  const handles = 'appendFile chmod chown truncate utimes write writeFile writev'.split(' ')
  const files = FILE_NAMES.flatMap(name => [`fs.${name}`, `fs.${name}Sync`, `fs.promises.${name}`])
  const rows = ROWS.flatMap(([module, path, , names]) =>
    names.split(' ').map(name => [module, path, name].filter(Boolean).join('.')),
  )
  return [
    ...files,
    ...handles.map(name => `fs.promises.FileHandle.prototype.${name}`),
    ...rows,
    'fs.createWriteStream',
    'fs.watch',
    'fs.watchFile',
    'globalThis.fetch',
    'worker_threads.Worker',
    ...['exec'].map(name => `sqlite.DatabaseSync.prototype.${name}`),
    ...['run', 'all', 'get', 'iterate'].map(name => `sqlite.StatementSync.prototype.${name}`),
    'sqlite.backup',
    ...['start', 'initialize'].map(name => `wasi.WASI.prototype.${name}`),
  ]
}
