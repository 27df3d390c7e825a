import type { Addon } from './addon.ts'
import type { Child } from './offspring.ts'

/** How long a spare may take to read what it is told: it does nothing else. */
const READ_MS = 1000

/** A result larger than this is not worth handing on: the next branch is forked when its turn comes. */
const MAX_TOLD_BYTES = 2 ** 20

/** A child that was forked ahead, as its parent sees it: it waits to be told how the branch before its own has ended. */
export class Spare {
  readonly pid: number
  readonly result: number
  readonly #orders: number
  readonly #addon: Addon

  constructor(addon: Addon, { pid, result, orders }: Child) {
    this.#addon = addon
    this.pid = pid
    this.result = result
    this.#orders = orders
  }

  /** Tells it what the branch before its own has written, and how long that took. False: it is of no use any more. */
  tell(written: Buffer, ms: number): boolean {
    return written.length <= MAX_TOLD_BYTES && this.#send(encodeTold(written, ms))
  }

  /** Gives it its branch. It ends at once if it has not come to just this one. */
  start(key: string): boolean {
    const isSent = this.#send(Buffer.from(key))
    this.#addon.close(this.#orders)
    return isSent
  }

  /** When it is not used. */
  close(): void {
    this.#addon.close(this.#orders)
    this.#addon.close(this.result)
  }

  #send(message: Buffer): boolean {
    return this.#addon.send(this.#orders, message, READ_MS)
  }
}

export function encodeTold(written: Buffer, ms: number): Buffer {
  const message = Buffer.allocUnsafe(8 + written.length)
  message.writeDoubleLE(ms, 0)
  written.copy(message, 8)
  return message
}

export function decodeTold(message: Buffer): { written: Buffer; ms: number } {
  return { written: message.subarray(8), ms: message.readDoubleLE(0) }
}
