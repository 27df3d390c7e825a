import { Socket as NetSocket } from 'node:net'
import { encodeNote, writeWhole } from '../fork/channel.ts'
import { FrameReader } from '../fork/frame-reader.ts'
import type { Child } from '../fork/offspring.ts'
import { clearInterval, now, setInterval } from '../intrinsics.ts'
import type { Death } from './orders.ts'

/** As it was before user code. */
const Socket = NetSocket

/** Time passes for a child in slices of this length at most: while this process is stopped, the child has none either. */
const SLICE_MS = 250

interface Allowance {
  silenceMs: number
}

/** A child as the zygote sees it, by the pipe on which it gives signs of life. */
export class WatchedChild {
  readonly pid: number
  /** It was silent for too long, and was killed for that. */
  timeout: Death | null = null
  readonly #pipe: NetSocket
  readonly #reader = new FrameReader()
  #silentMs = 0
  #mayBeSilentMs = 0
  #timer: NodeJS.Timeout | null = null
  #isDropped = false

  /** @param onEnd called when the pipe is closed, which is when the child ends */
  constructor({ pid, result }: Child, onEnd: () => void) {
    this.pid = pid
    this.#pipe = new Socket({ fd: result, readable: true, writable: false })
    this.#pipe.on('error', () => {})
    this.#pipe.on('data', (bytes: Buffer) => this.#hear(bytes))
    this.#pipe.on('close', () => {
      this.#allow(0)
      if (!this.#isDropped) onEnd()
    })
  }

  /** In another child: it is not for that one to watch. */
  drop(): void {
    this.#isDropped = true
    this.#allow(0)
    this.#pipe.destroy()
  }

  #hear(bytes: Buffer): void {
    this.#silentMs = 0
    for (const note of this.#reader.push(bytes) as Allowance[]) this.#allow(note.silenceMs)
  }

  #allow(ms: number): void {
    this.#mayBeSilentMs = ms
    if (this.#timer !== null) clearInterval(this.#timer)
    this.#timer = null
    if (ms <= 0) return
    let last = now()
    this.#timer = setInterval(() => {
      const passed = Math.min(now() - last, 2 * SLICE_MS)
      last = now()
      this.#count(passed)
    }, SLICE_MS)
  }

  #count(ms: number): void {
    this.#silentMs += ms
    if (this.#silentMs <= this.#mayBeSilentMs || this.timeout !== null) return
    this.timeout = { kind: 'timeout', afterMs: this.#mayBeSilentMs }
    process.kill(this.pid, 'SIGKILL')
  }
}

/** In a child: says how long it may be silent from now on. Says nothing in children of the child: they are watched by it. */
export function makeAllowSilence(fd: number): (silenceMs: number) => void {
  const { pid } = process
  return silenceMs => {
    if (process.pid !== pid) return
    const note: Allowance = { silenceMs }
    try {
      writeWhole(fd, encodeNote(note))
    } catch {
      // A pipe that is gone, because user code has closed it, is told as the end of the process.
    }
  }
}
