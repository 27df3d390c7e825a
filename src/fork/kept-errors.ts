import { fstatSync, ftruncateSync, readSync } from 'node:fs'
import type { Addon } from './addon.ts'
import { writeWhole } from './channel.ts'

const STDERR = 2

/** As they were before user code: a test may replace what Node's modules export. */
const [stat, read, truncate] = [fstatSync, readSync, ftruncateSync]

/**
 * What branches write to the standard error stream, kept until each of them has ended: for a runner that reads there how its
 * worker is, and would take the crash of a branch for that of the worker.
 */
export class KeptErrors {
  readonly #addon: Addon
  readonly #show: (text: string) => string
  #fd: number | null = null

  /** @param show what of it may be printed */
  constructor(addon: Addon, show: (text: string) => string) {
    this.#addon = addon
    this.#show = show
  }

  /** Before a branch. */
  open(): void {
    this.#fd ??= this.#addon.temporaryFile()
  }

  /** Inside: the stream is the file. The branches of this branch have another one. */
  enter(): void {
    if (this.#fd === null) return
    this.#addon.redirect(STDERR, this.#fd)
    this.#addon.close(this.#fd)
    this.#fd = null
  }

  /** Outside: prints what the branch has written. */
  print(): void {
    if (this.#fd === null) return
    const { size } = stat(this.#fd)
    if (size === 0) return
    const bytes = Buffer.alloc(size)
    const length = read(this.#fd, bytes, 0, size, 0)
    truncate(this.#fd, 0)
    writeWhole(STDERR, Buffer.from(this.#show(bytes.toString('utf8', 0, length))))
  }
}
