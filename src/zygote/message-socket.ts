import { Socket as NetSocket } from 'node:net'
import { ForkpointError } from '../errors.ts'
import { serialize } from '../intrinsics.ts'
import { readValue } from '../read-value.ts'

/** The length of what follows. */
const HEADER = 4

/** What the length can tell. */
const MOST_BYTES = 2 ** 32 - 1

/** Methods of a socket that tests replace, and that calls are watched by; missing in Node's types. */
interface SocketMethods {
  connect: NetSocket['connect']
  _writeGeneric(...args: never[]): unknown
}

/** As they were before user code. */
const Socket = NetSocket
const { connect, _writeGeneric } = NetSocket.prototype as unknown as SocketMethods

/** Values, structured-cloned, over a stream socket: each comes whole, in the order in which they were sent, or not at all. */
export class MessageSocket {
  readonly #socket: NetSocket
  readonly #listeners: Array<(value: unknown) => void> = []
  readonly #parts: Buffer[] = []
  #length = 0
  #wanted = HEADER

  constructor(socket: NetSocket) {
    this.#socket = socket
    // A broken connection is closed next, and that is listened for.
    socket.on('error', () => {})
    socket.on('data', (bytes: Buffer) => this.#take(bytes))
  }

  /** @param address of a unix socket: a path, or a name that begins with a zero byte */
  static async connect(address: string): Promise<MessageSocket> {
    const socket = new Socket()
    // Its own methods: it is no connection of a test's, and none to be watched.
    Object.defineProperties(socket, { connect: { value: connect }, _writeGeneric: { value: _writeGeneric } })
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject)
      socket.connect(address, () => {
        socket.off('error', reject)
        resolve()
      })
    })
    return new MessageSocket(socket)
  }

  /** Negative once it is closed. */
  get fd(): number {
    return (this.#socket as unknown as { _handle?: { fd?: number } | null })._handle?.fd ?? -1
  }

  /** @throws {Error} for a value that structured cloning refuses */
  send(value: unknown): void {
    const body = serialize(value)
    if (body.length > MOST_BYTES)
      throw new ForkpointError(
        'ERR_FORKPOINT_RESULT',
        `Failed to send a message: it takes ${body.length} bytes, and ${MOST_BYTES} is the most`,
      )
    const header = Buffer.allocUnsafe(HEADER)
    header.writeUInt32LE(body.length)
    this.#socket.cork()
    this.#socket.write(header)
    this.#socket.write(body)
    this.#socket.uncork()
  }

  onMessage(listener: (value: unknown) => void): void {
    this.#listeners.push(listener)
  }

  offMessage(listener: (value: unknown) => void): void {
    const index = this.#listeners.indexOf(listener)
    if (index >= 0) this.#listeners.splice(index, 1)
  }

  onClose(listener: () => void): void {
    this.#socket.on('close', listener)
  }

  destroy(): void {
    this.#socket.destroy()
  }

  /** It is no reason for the process to stay. */
  unref(): void {
    this.#socket.unref()
  }

  #take(bytes: Buffer): void {
    this.#parts.push(bytes)
    this.#length += bytes.length
    if (this.#length < this.#wanted) return
    let rest = Buffer.concat(this.#parts)
    const values: unknown[] = []
    for (;;) {
      this.#wanted = HEADER
      if (rest.length < this.#wanted) break
      this.#wanted += rest.readUInt32LE(0)
      if (rest.length < this.#wanted) break
      values.push(readValue(rest.subarray(HEADER, this.#wanted)))
      rest = rest.subarray(this.#wanted)
    }
    this.#parts.splice(0, this.#parts.length, rest)
    this.#length = rest.length
    for (const value of values) for (const listener of [...this.#listeners]) listener(value)
  }
}
