import { Socket as NetSocket } from 'node:net'
import type { Aside } from '../engine.ts'
import { readValue } from '../read-value.ts'
import { encodeNote, writeWhole } from './channel.ts'
import type { ChildSelf } from './offspring.ts'

/** As it was before user code. */
const Socket = NetSocket

/** What a child that runs beside others tells its parent while it runs. */
export type Note = { begun: string; deadlineMs: number } | { id: number; question: unknown }

/** What its parent tells it. */
export type Order = { id: number; value: unknown } | { id: number; error: unknown } | { told: unknown }

/** The length of what follows. */
export const ORDER_HEADER = 8

interface Waiting {
  resolve(value: unknown): void
  reject(error: unknown): void
}

/**
 * The child's side of a branch beside others: it must leave alone what all of them have, so it asks its parent, who alone
 * uses it.
 */
export class ChildAside implements Aside {
  readonly #result: number
  readonly #waiting = new Map<number, Waiting>()
  readonly #listeners: Array<(message: unknown) => void> = []
  #last = 0

  constructor({ result, orders }: ChildSelf) {
    this.#result = result
    const parts: Buffer[] = []
    let length = 0
    let wanted = ORDER_HEADER
    const socket = new Socket({ fd: orders, readable: true, writable: false })
    socket.unref()
    // The parent's death ends this process anyway.
    socket.on('error', () => {})
    socket.on('data', (bytes: Buffer) => {
      parts.push(bytes)
      length += bytes.length
      if (length < wanted) return
      let rest = Buffer.concat(parts)
      for (;;) {
        wanted = ORDER_HEADER
        if (rest.length < wanted) break
        wanted += Number(rest.readBigUInt64LE(0))
        if (rest.length < wanted) break
        this.#take(readValue(rest.subarray(ORDER_HEADER, wanted)) as Order)
        rest = rest.subarray(wanted)
      }
      parts.splice(0, parts.length, rest)
      length = rest.length
    })
  }

  tell(note: Note): void {
    writeWhole(this.#result, encodeNote(note))
  }

  ask(question: unknown): Promise<unknown> {
    const id = ++this.#last
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject })
      this.tell({ id, question })
    })
  }

  onTold(listener: (message: unknown) => void): void {
    this.#listeners.push(listener)
  }

  #take(order: Order): void {
    if ('told' in order) {
      for (const listener of this.#listeners) listener(order.told)
      return
    }
    const waiting = this.#waiting.get(order.id)
    this.#waiting.delete(order.id)
    if ('error' in order) waiting?.reject(order.error)
    else waiting?.resolve(order.value)
  }
}
