import { intrinsics } from 'forkpoint/adapter'

const { clearTimeout, setTimeout } = intrinsics

/** How long a process waits for its messages to be on their way: the main process may be busy for as long. */
const SETTLE_MS = 5000

type Send = NonNullable<NodeJS.Process['send']>

/** Node's own end of the channel, by which alone reading can be stopped. */
interface Handle {
  readStop?(): void
}

/**
 * What a worker says to Jest's main process. A branch says nothing by itself: what it has to say goes with its result; and what
 * was on its way when a process branched would go out twice.
 */
export class WorkerChannel {
  static #instance: WorkerChannel | null = null
  /** Set by the file at hand. */
  isAhead: () => boolean = () => false
  /** What is said has been said by a branch. */
  isMuted = false
  #unsent = 0
  /** In a branch: what it has to say, or null where somebody else says it. */
  #kept: unknown[] | null = null
  #hasLeft = false
  #wake = (): void => {}

  /** One for each process: it stays when a file has ended. */
  static get(): WorkerChannel {
    WorkerChannel.#instance ??= new WorkerChannel()
    return WorkerChannel.#instance
  }

  private constructor() {
    const send = process.send?.bind(process) as ((message: unknown, sent: () => void) => boolean) | undefined
    if (send === undefined) return
    process.send = ((message: unknown, ...rest: unknown[]) => {
      // The process that goes the same way says it.
      if (this.isMuted || this.isAhead()) return true
      if (this.#hasLeft) {
        this.#kept?.push(message)
        return true
      }
      const last = rest.at(-1)
      this.#unsent++
      return send(message, () => {
        this.#unsent--
        this.#wake()
        if (typeof last === 'function') last(null)
      })
    }) as Send
  }

  /** Resolves when all that was said is on its way. */
  async settle(): Promise<void> {
    if (this.#unsent === 0) return
    await new Promise<void>(resolve => {
      const timer = setTimeout(resolve, SETTLE_MS)
      this.#wake = () => {
        if (this.#unsent > 0) return
        clearTimeout(timer)
        resolve()
      }
    })
  }

  /** In a branch: the channel is the other process's. @param isSpeaking what is said is kept for it */
  leave(isSpeaking: boolean): void {
    if (process.send === undefined) return
    this.#hasLeft = true
    this.#kept = isSpeaking ? [] : null
    const key = Object.getOwnPropertySymbols(process).find(
      ({ description }) => description === 'kChannelHandle',
    )
    if (key !== undefined) (process as unknown as Record<symbol, Handle | null>)[key]?.readStop?.()
  }

  takeKept(): unknown[] {
    return this.#kept?.splice(0) ?? []
  }

  /** Says what a branch has kept. */
  say(messages: readonly unknown[]): void {
    for (const message of messages) process.send?.(message)
  }
}
