import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { MessageSocket } from './message-socket.ts'
import type { Hello } from './orders.ts'

/** Where children come to, in the main process: each says first who it is. */
export class Reception {
  readonly address: string
  readonly #server: Server
  readonly #awaited = new Map<string, (socket: MessageSocket) => void>()

  private constructor(server: Server, address: string) {
    this.#server = server
    this.address = address
  }

  static async open(): Promise<Reception> {
    const server = createServer(socket => reception.#receive(new MessageSocket(socket)))
    const reception = new Reception(server, makeAddress())
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(reception.address, resolve)
    })
    server.unref()
    return reception
  }

  /** Resolves when a child with this id has come. */
  await(id: string): Promise<MessageSocket> {
    return new Promise(resolve => this.#awaited.set(id, resolve))
  }

  /** It is not coming any more. */
  forget(id: string): void {
    this.#awaited.delete(id)
  }

  close(): void {
    this.#server.close()
    if (this.address.startsWith('/')) rmSync(dirname(this.address), { recursive: true, force: true })
  }

  #receive(socket: MessageSocket): void {
    const greet = (value: unknown): void => {
      socket.offMessage(greet)
      const { hello } = Object(value) as Partial<Hello>
      const admit = this.#awaited.get(String(hello))
      this.#awaited.delete(String(hello))
      // The ids are not to be guessed.
      if (admit === undefined) socket.destroy()
      else admit(socket)
    }
    socket.onMessage(greet)
  }
}

/** On Linux a name that no file stands for: nothing is left on the disk, however this process ends. */
function makeAddress(): string {
  if (process.platform === 'linux') return `\0forkpoint-${randomUUID()}`
  return join(mkdtempSync(join(tmpdir(), 'forkpoint-')), 'zygote')
}
