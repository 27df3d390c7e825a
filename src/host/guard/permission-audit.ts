import { subscribe } from 'node:diagnostics_channel'
import { resolve, sep } from 'node:path'
import type { Effect } from '../catalogue/nature.ts'
import { readPath } from '../memory-disk/read-arguments.ts'
import type { Call } from '../patches.ts'
import { isOfNode, readFrames } from './callers.ts'
import type { HostGuard } from './host-guard.ts'

/**
 * What Node tells of with `--permission-audit`, of which each use goes through a function that is watched. Not of connections and
 * threads: those are made by methods, which nobody has taken out before.
 */
const AUDITED: Readonly<Record<string, { call: string; effect: Effect }>> = {
  FileSystemWrite: { call: 'fs', effect: 'fs.write' },
  ChildProcess: { call: 'child_process', effect: 'process.spawn' },
  Addon: { call: 'process.dlopen', effect: 'native.load' },
  FFI: { call: 'ffi', effect: 'native.call' },
}

const CHANNELS = ['fs', 'child', 'addon', 'ffi']

const FRAMES = 40

const BYPASS =
  'it went past the guard, by a function that was taken out of Node before forkpoint was loaded, or by native code'

/**
 * A second witness of what goes on: Node itself, where it was started with `--permission-audit` (24 and later). What it sees, and no
 * replaced function has, went past the guard.
 */
export class PermissionAudit {
  readonly #guard: HostGuard
  /** Watched calls that are under way. */
  #depth = 0
  /** What watched calls of this test were given: they may go on when they have returned. */
  #seen = new Set<string>()

  constructor(guard: HostGuard) {
    this.#guard = guard
    const note = (message: unknown): void => {
      if (guard.phase !== 'test' || this.#depth > 0) return
      const { permission, resource = '' } = message as { permission: string; resource?: string }
      this.#judge(permission, String(resource), note as Call)
    }
    for (const name of CHANNELS) subscribe(`node:permission-model:${name}`, note)
    guard.beforeTest.push(() => this.#seen.clear())
  }

  /** Whether this process was started with it: it does not pass over to child processes. */
  static get isOn(): boolean {
    return process.execArgv.includes('--permission-audit')
  }

  /** Makes a call that is watched. */
  during<T>(args: readonly unknown[], call: () => T): T {
    for (const arg of args.slice(0, 2)) {
      const path = readPath(arg)
      if (path !== null) this.#seen.add(resolve(path))
    }
    this.#depth++
    try {
      return call()
    } finally {
      this.#depth--
    }
  }

  #judge(permission: string, resource: string, below: Call): void {
    const known = AUDITED[permission]
    if (known === undefined) return
    const line = readFrames(below, FRAMES).find(frame => !isOfNode(frame))
    // A step that Node takes later, of a call that was seen when it began.
    if (line === undefined || this.#isSeen(resolve(resource)) || this.#guard.isFrameOfRun(line)) return
    this.#guard.report({ ...known, nature: 'unsafe', resource, source: 'audit' }, below, { why: BYPASS })
  }

  #isSeen(path: string): boolean {
    return [...this.#seen].some(seen => path === seen || path.startsWith(seen + sep))
  }
}
