import { dirname } from 'node:path'
import { lookAt } from '../journal/before.ts'
import { copiesOf } from './affected-paths.ts'
import type { FileChange } from './file-change.ts'
import { fileAt, nameAt } from './real-path.ts'

/**
 * What of the disk a setup makes anew each time it runs: files it writes whole, and folders that are its own because it names
 * them afresh, makes them where there must be none, or removes them first. To these a test has no lasting claim: had the setup been
 * run again, what the test did to them would be gone.
 */
export class Footprint {
  readonly #files = new Set<string>()
  readonly #trees = new Set<string>()

  /** A setup is about to do this. */
  note(change: FileChange): void {
    switch (change.kind) {
      case 'write':
        if (change.how === 'anew') this.#files.add(fileAt(change.path))
        return
      case 'replace':
        this.#files.add(nameAt(change.path))
        this.#files.add(fileAt(change.path))
        return
      case 'make':
        this.#files.add(nameAt(change.path))
        return
      case 'link':
        this.#files.add(nameAt(change.to))
        return
      case 'folder':
        // Made where there is one, it fails.
        if (!change.isRecursive && lookAt(change.path) === null) this.#trees.add(nameAt(change.path))
        return
      case 'remove':
        if (change.isTree) this.#trees.add(nameAt(change.path))
        else this.#files.add(nameAt(change.path))
        return
      case 'move':
        this.#files.add(nameAt(change.from))
        this.#trees.add(nameAt(change.to))
        return
      case 'copy':
        if (lookAt(change.to) === null) this.#trees.add(nameAt(change.to))
        else for (const { to } of copiesOf(change.from, change.to)) this.#files.add(nameAt(to))
        return
      case 'attributes':
      case 'temporary':
        return
    }
  }

  /** A folder under a name of its own, with all that will be in it. */
  noteTree(path: string): void {
    this.#trees.add(nameAt(path))
  }

  /** @param path the one name of it, as `nameAt` or `fileAt` give it */
  has(path: string): boolean {
    if (this.#files.has(path)) return true
    if (this.#trees.size === 0) return false
    for (let at = path; ; at = dirname(at)) {
      if (this.#trees.has(at)) return true
      if (dirname(at) === at) return false
    }
  }
}
