import { fstatSync, readSync } from 'node:fs'
import type { Addon } from './addon.ts'
import { writeWhole } from './channel.ts'

const STREAMS = [1, 2] as const

/** As they were before user code: a test may replace what Node's modules export. */
const stat = fstatSync
const read = readSync

/** What a child that runs beside others writes to its standard streams, kept until it is its turn. */
export class OutputFiles {
  readonly #addon: Addon
  readonly fds: readonly [number, number]

  constructor(addon: Addon) {
    this.#addon = addon
    this.fds = [addon.temporaryFile(), addon.temporaryFile()]
  }

  /** In the child: its streams are the files. */
  replaceStreams(): void {
    STREAMS.forEach((stream, index) => {
      this.#addon.redirect(stream, this.fds[index] ?? stream)
    })
    this.close()
  }

  /** In the parent: writes what the child has written. */
  print(): void {
    STREAMS.forEach((stream, index) => {
      const fd = this.fds[index] ?? stream
      const { size } = stat(fd)
      const bytes = Buffer.alloc(Math.min(size, 2 ** 20))
      for (let at = 0; at < size; ) {
        const got = read(fd, bytes, 0, bytes.length, at)
        writeWhole(stream, bytes.subarray(0, got))
        at += got
      }
    })
  }

  close(): void {
    for (const fd of this.fds) this.#addon.close(fd)
  }
}
