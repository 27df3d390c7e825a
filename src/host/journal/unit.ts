import type { Stats } from 'node:fs'
import { constants } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { real } from '../memory-disk/real-disk.ts'
import { fingerprint, isOther, lookAt, lookAtPlace, readBefore } from './before.ts'
import { imageOf } from './journal-files.ts'
import { MOST_BYTES, MOST_IN_LOG, MOST_PATHS } from './limits.ts'
import { type Image, Log, type LogLine } from './log.ts'

/** What is about to be changed: the content of a file, its attributes, or that the name is there at all. */
export type TouchKind = 'content' | 'attributes' | 'name'

interface Touched {
  /** Null where what was there could not be kept: it is not undone. */
  hasImage: boolean
  isKept: boolean
  /** What our own last call left there; null while it is being written to. */
  after: string | null
  isForeign: boolean
}

/**
 * The paths that one test touches, each as it was before: in a file of its own on the disk, and large contents in others beside it,
 * so that the parent process, or the next run, can undo what the process of the test did not live to. Nothing is made on the disk
 * before the first touch.
 */
export class JournalUnit {
  /** Of the journal. */
  readonly path: string
  readonly #log: Log
  readonly #touched = new Map<string, Touched>()
  #images = 0
  #bytes = 0

  constructor(path: string) {
    this.path = path
    this.#log = new Log(path)
  }

  get size(): number {
    return this.#touched.size
  }

  has(path: string): boolean {
    return this.#touched.get(path)?.isKept === true
  }

  /**
   * Before the path is changed: keeps what is there.
   *
   * @param path absolute, and not through links
   * @returns why it could not be kept, as a clause; null when it is
   */
  touch(path: string, kind: TouchKind): string | null {
    const stats = lookAt(path)
    const known = this.#touched.get(path)
    if (known === undefined) return this.#touchFirst(path, kind, stats)
    if (known.after !== null && isOther(known.after, fingerprint(stats))) known.isForeign = true
    known.after = null
    if (kind === 'attributes' || known.hasImage || !known.isKept || !stats?.isFile()) return null
    return this.#keep(path, known, () => {
      const image = this.#copy(path, stats)
      known.hasImage = true
      return { path, image }
    })
  }

  /**
   * A folder was made under a name that nobody could know before: its kind of call is the one that is noted afterwards.
   *
   * @returns why that could not be noted, as a clause
   */
  noteMade(path: string): string | null {
    if (this.#touched.has(path)) return null
    const touched = { hasImage: true, isKept: true, after: null, isForeign: false }
    this.#touched.set(path, touched)
    return this.#keep(path, touched, () => ({ path, before: { kind: 'absent' } }))
  }

  /**
   * A whole tree, before it is removed or moved: the folder last, so that it is the first to be there again.
   *
   * @returns why some of it could not be kept; all else is
   */
  touchTree(path: string): string | null {
    let problem: string | null = null
    if (lookAt(path)?.isDirectory())
      for (const name of real.readdirSync(path)) problem = this.touchTree(join(path, name)) ?? problem
    return this.touch(path, 'name') ?? problem
  }

  /** A call that changed the path has ended. */
  settle(path: string): void {
    const known = this.#touched.get(path)
    if (known !== undefined) known.after = stateAt(path, lookAt)
  }

  /**
   * The test has ended: whoever undoes it can tell what has been changed by others since.
   *
   * @returns why nothing can be undone, as a clause
   */
  seal(): string | null {
    const lines: LogLine[] = []
    for (const [path, { isKept, isForeign, after }] of this.#touched) {
      const left = isForeign ? null : (after ?? stateAt(path, lookAtPlace))
      if (isKept && (isForeign || left !== null)) lines.push({ path, after: left })
    }
    try {
      if (lines.length > 0) this.#log.append(lines)
    } catch {
      // No space for it. Then what others change in the meantime is not told from what the test has changed.
    }
    const problem = this.#log.isGone() ? 'the journal of the test was removed while it ran' : null
    this.#log.close()
    return problem
  }

  /** All that is kept. */
  get paths(): string[] {
    return [...this.#touched].flatMap(([path, { isKept }]) => (isKept ? [path] : []))
  }

  #touchFirst(path: string, kind: TouchKind, stats: Stats | null): string | null {
    const touched = { hasImage: false, isKept: true, after: null, isForeign: false }
    this.#touched.set(path, touched)
    return this.#keep(path, touched, () => {
      const before = readBefore(path, stats)
      if (before.kind === 'special') throw new NotKept('it is a pipe, a socket or a device')
      if (kind === 'attributes' || before.kind !== 'file' || stats === null) {
        touched.hasImage = before.kind !== 'file'
        return { path, before }
      }
      const image = this.#copy(path, stats)
      touched.hasImage = true
      return { path, before, image }
    })
  }

  #keep(path: string, touched: Touched, write: () => LogLine): string | null {
    try {
      if (this.#touched.size > MOST_PATHS) throw new NotKept(`a test keeps no more than ${MOST_PATHS} paths`)
      this.#log.append([write()])
      return null
    } catch (error) {
      touched.isKept = false
      const why = error instanceof Error ? error.message : String(error)
      return `what was at ${path} could not be kept: ${why}`
    }
  }

  #copy(path: string, { size }: Stats): Image {
    this.#bytes += size
    if (this.#bytes > MOST_BYTES) throw new NotKept(`a test keeps no more than ${MOST_BYTES / 2 ** 20} MB`)
    if (size <= MOST_IN_LOG) return { text: readWhole(path, size) }
    const name = this.#copyBeside(path)
    return { name }
  }

  /** @returns the name of the copy */
  #copyBeside(path: string): string {
    const mode = constants.COPYFILE_FICLONE | constants.COPYFILE_EXCL
    for (;;) {
      const image = imageOf(this.path, ++this.#images)
      try {
        real.mkdirSync(dirname(this.path), { recursive: true })
        real.copyFileSync(path, image, mode)
        return basename(image)
      } catch (error) {
        // Of a test before, of which not all could be undone.
        if ((error as NodeJS.ErrnoException).code === 'EEXIST') continue
        real.rmSync(image, { force: true })
        throw error
      }
    }
  }
}

class NotKept extends Error {}

/** Null where nobody can look: a folder on the way to it is closed. */
function stateAt(path: string, look: (path: string) => Stats | null): string | null {
  try {
    return fingerprint(look(path))
  } catch {
    return null
  }
}

/** Of a file that is not large, in base 64: by fewer calls of the system than Node makes for it. */
function readWhole(path: string, size: number): string {
  const fd = real.openSync(path, 'r')
  try {
    let bytes = Buffer.allocUnsafe(size + 1)
    for (let length = 0; ; bytes = Buffer.concat([bytes, Buffer.allocUnsafe(length)])) {
      length += real.readSync(fd, bytes, length, bytes.length - length, null)
      // Only at its end less is read than there is space for: somebody may have made it larger.
      if (length < bytes.length) return bytes.toString('base64', 0, length)
    }
  } finally {
    real.closeSync(fd)
  }
}
