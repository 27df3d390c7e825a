import type { MessageSocket } from './message-socket.ts'
import type { Death } from './orders.ts'

/** How long a process that was asked to end may take before it is made to. */
const END_MS = 500

/** A child of a zygote, as the main process sees it. */
export class ForkedProcess {
  /** How it has ended, once all that it said has been heard. */
  readonly ended: Promise<Death>
  readonly #kill: (signal: 'SIGTERM' | 'SIGKILL') => void
  #socket: MessageSocket | null = null
  #closed: Promise<void> = Promise.resolve()
  #resolveEnd: (outcome: Death) => void = () => {}

  constructor(kill: (signal: 'SIGTERM' | 'SIGKILL') => void) {
    this.#kill = kill
    this.ended = new Promise(resolve => {
      this.#resolveEnd = resolve
    })
  }

  connect(socket: MessageSocket): void {
    this.#socket = socket
    this.#closed = new Promise(resolve => socket.onClose(resolve))
  }

  send(value: unknown): void {
    this.#socket?.send(value)
  }

  onMessage(listener: (value: unknown) => void): void {
    this.#socket?.onMessage(listener)
  }

  noteEnd(outcome: Death): void {
    void this.#closed.then(() => this.#resolveEnd(outcome))
  }

  /** As a runner ends its workers: by a signal that may be caught, and then by one that may not. */
  async end(): Promise<void> {
    this.#kill('SIGTERM')
    const timer = setTimeout(() => this.#kill('SIGKILL'), END_MS)
    await this.ended
    clearTimeout(timer)
  }
}
