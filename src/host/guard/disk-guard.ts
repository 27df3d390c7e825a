import type { Isolation } from '../../engine.ts'
import { lookAt } from '../journal/before.ts'
import type { JournalUnit } from '../journal/unit.ts'
import { real } from '../memory-disk/real-disk.ts'
import { type Affected, affectedBy } from './affected-paths.ts'
import type { FileChange } from './file-change.ts'
import { Footprint } from './footprint.ts'
import { nameAt } from './real-path.ts'

/** Which changes of the disk are undone: those of what the setup makes, or all. */
export type UndoScope = 'fixture' | 'all'

/** What is to be said of a call that changes the disk. */
export interface DiskVerdict {
  /** Paths that stay changed when the test is rolled back. */
  left: string[]
  /** Why something could not be kept, as a clause. */
  problem: string | null
  /** To be called when the call has returned. */
  settle(): void
}

const NOTHING: DiskVerdict = { left: [], problem: null, settle: () => {} }

/** The disk as one test changes it: keeps what was there where that is to come back, and knows what stays. */
export class DiskGuard {
  readonly footprint: Footprint = new Footprint()
  readonly #scope: UndoScope
  #unit: JournalUnit | null = null
  #isolation: Isolation | null = null
  /** Folders that the test itself has made under names of their own. */
  #own = new Footprint()
  /** Paths that stay, as they were when they were first touched. */
  #left = new Map<string, string>()
  /** Of these, what is only appended to: a log, which nothing starts from. */
  #logs = new Set<string>()

  constructor(scope: UndoScope) {
    this.#scope = scope
  }

  /** What this process has to itself of the disk is gone with it: there is nothing to keep, and nothing to say. */
  isolate(isolation: Isolation | null): void {
    this.#isolation = isolation
  }

  /** Within a folder that the test has made under a name of its own: it is removed. */
  isOwn(path: string): boolean {
    return this.#own.has(path)
  }

  /** @param path absolute, and not through links */
  isIsolated(path: string): boolean {
    return this.#isolation?.covers(path) === true
  }

  /** A test begins. @param unit null: nothing it does is undone */
  begin(unit: JournalUnit | null): void {
    this.renew(unit)
    this.#left = new Map()
    this.#logs = new Set()
  }

  /** What the test has done to the disk is undone; what it has left there still is. */
  renew(unit: JournalUnit | null): void {
    this.#unit = unit
    this.#own = new Footprint()
  }

  /** All that tests change is undone, also of those that run the plain way. */
  get isWhole(): boolean {
    return this.#scope === 'all'
  }

  get unit(): JournalUnit | null {
    return this.#unit
  }

  /** Before the call is made. */
  keep(change: FileChange): DiskVerdict {
    const unit = this.#unit
    const affected = unit === null ? [] : findAffected(change).filter(({ path }) => !this.isIsolated(path))
    if (unit === null || affected.length === 0) return NOTHING
    const left: string[] = []
    const touched: string[] = []
    let problem: string | null = null
    for (const each of affected) {
      if (!this.#isUndone(each.path)) {
        if (!this.#isLogged(each.path, change)) left.push(each.path)
        continue
      }
      problem ??= touch(unit, each)
      touched.push(each.path)
    }
    const settle = (): void => {
      for (const path of touched) unit.settle(path)
    }
    return { left, problem, settle }
  }

  /** A folder was made under a name of its own. @returns why it is not removed again, as a clause */
  noteTemporary(path: string): string | null {
    if (this.isIsolated(nameAt(path))) return null
    this.#own.noteTree(path)
    return this.#unit?.noteMade(nameAt(path)) ?? null
  }

  /** Whether a path that stays is now another than when the test began: it may have been changed back, or not at all. */
  isChanged(path: string): boolean {
    return this.#left.get(path) !== stateOf(path)
  }

  /** Takes note of a path that stays. @returns whether it is only a log */
  #isLogged(path: string, change: FileChange): boolean {
    const isAppending = change.kind === 'write' && change.how === 'appending'
    if (!this.#left.has(path)) {
      this.#left.set(path, stateOf(path))
      if (isAppending) this.#logs.add(path)
    }
    const isWithin = change.kind === 'write' && change.how === 'within'
    if (!isAppending && !isWithin) this.#logs.delete(path)
    return this.#logs.has(path)
  }

  #isUndone(path: string): boolean {
    return this.#scope === 'all' || this.footprint.has(path) || this.#own.has(path)
  }
}

/** What can't be looked at can't be changed either, as a rule: the call will fail by itself. */
function findAffected(change: FileChange): Affected[] {
  try {
    return affectedBy(change)
  } catch {
    return []
  }
}

function touch(unit: JournalUnit, { path, kind, isTree }: Affected): string | null {
  try {
    return isTree ? unit.touchTree(path) : unit.touch(path, kind)
  } catch (error) {
    return `what was at ${path} could not be kept: ${error instanceof Error ? error.message : String(error)}`
  }
}

/** Changes with every change of the path: of its content, attributes, or what stands there. */
function stateOf(path: string): string {
  const stats = lookAt(path)
  if (stats === null) return 'absent'
  if (stats.isDirectory()) return `folder ${stats.ino} ${stats.mode} ${stats.uid} ${stats.gid}`
  return `${stats.ino} ${stats.size} ${stats.mtimeMs} ${stats.ctimeMs}`
}

/** The path of an open file, as the system tells it: for descriptors that were opened before anybody watched. Linux only. */
export function pathOfDescriptor(fd: unknown): string | null {
  if (typeof fd !== 'number' || fd < 3) return null
  try {
    const path = real.readlinkSync(`/proc/self/fd/${fd}`)
    return path.startsWith('/') && !path.endsWith(' (deleted)') && real.fstatSync(fd).isFile() ? path : null
  } catch {
    return null
  }
}
