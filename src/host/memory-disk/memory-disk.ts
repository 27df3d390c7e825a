import { copyState } from './copy-state.ts'
import { describeState } from './describe-state.ts'
import { type DiskState, emptyState } from './disk-state.ts'

/** What has happened to a name in a directory: it came or went, or its content or attributes changed. */
export type ChangeKind = 'rename' | 'change'
export type ChangeListener = (kind: ChangeKind, path: string) => void

/** A copy-on-write layer over the real disk. What it holds is reachable from `root`, and nowhere else. */
export class MemoryDisk {
  root: DiskState = emptyState()
  readonly listeners: Set<ChangeListener> = new Set()

  /** Forgets everything written; open descriptors of it are closed. */
  clear(): void {
    this.root = emptyState()
  }

  /** What it holds now, to be put back, and as often as wanted. */
  keep(): DiskState {
    return copyState(this.root)
  }

  putBack(kept: DiskState): void {
    this.root = copyState(kept)
  }

  /** The paths that memory answers for, each with what stands there; for tests and reports. */
  describe(): Record<string, string> {
    return describeState(this.root)
  }

  /** Nothing was changed yet: the disk answers for itself. */
  get isUntouched(): boolean {
    const { root, descriptors } = this.root
    return root.entries.size === 0 && descriptors.size === 0
  }

  tell(kind: ChangeKind, path: string): void {
    for (const listener of this.listeners) listener(kind, path)
  }
}
