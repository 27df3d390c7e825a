import { type Aside, intrinsics } from 'forkpoint/adapter'
import { type Rpc, workerState } from './internals.ts'
import { READING, type RpcQuestion } from './rpc-desk.ts'

const { clearTimeout, now, random, setImmediate, setTimeout } = intrinsics

/** How long a process waits for the next answer of the main process. */
const SETTLE_MS = 5000

/** Random numbers that make one id of an rpc call, in Vitest 4.1 and 5.1. */
const NUMBERS_IN_ID = 21

const NEVER: Promise<never> = new Promise(() => {})

/**
 * The calls of this worker to the main process that have no answer yet. A call in flight when a process branches would be
 * answered once and awaited twice.
 */
export class RpcCalls {
  readonly #pending = new Set<PromiseLike<unknown>>()
  #answered = 0
  #isClosed = false
  /** Who makes the calls for this process. */
  #aside: Aside | null = null
  #beforeRecord = (): void => {}
  #isMuted = false

  /** @param beforeCall called before each */
  constructor(beforeCall: () => void) {
    const state = workerState()
    const isClosed = (): boolean => this.#isClosed
    const noteCall = (answer: PromiseLike<unknown>): void => {
      const forget = (): void => {
        this.#pending.delete(answer)
        this.#answered++
      }
      this.#pending.add(answer)
      answer.then(forget, forget)
    }
    const ask = (name: string, args: unknown[]): PromiseLike<unknown> | undefined => {
      if (this.#isMuted && !READING.has(name)) {
        this.skipId()
        // What a test attaches to itself comes back as the main process has kept it.
        return Promise.resolve(name === 'onTaskArtifactRecord' ? args[1] : undefined)
      }
      if (this.#aside === null) return undefined
      if (name === 'onTaskArtifactRecord') this.#beforeRecord()
      const question: RpcQuestion = { name, args }
      return this.#aside.ask(question)
    }
    state.rpc = new Proxy(state.rpc, {
      get(rpc: Rpc, name: string) {
        const method = rpc[name]
        if (typeof method !== 'function' || name.startsWith('$')) return method
        const tracked = (...args: unknown[]): unknown => {
          if (isClosed()) return NEVER
          beforeCall()
          const answer = ask(name, args) ?? (method(...args) as PromiseLike<unknown> | undefined)
          if (typeof answer?.then !== 'function') return answer
          noteCall(answer)
          return answer
        }
        const asEvent = (...args: unknown[]): unknown => ask(name, args) ?? method.asEvent?.(...args)
        return Object.assign(tracked, { asEvent })
      },
    })
  }

  /**
   * From here on all calls are made by somebody else.
   *
   * @param beforeRecord called before what a test attaches to itself is told, which Vitest takes to be begun by then
   */
  askInstead(aside: Aside, beforeRecord: () => void): void {
    this.#aside = aside
    this.#beforeRecord = beforeRecord
  }

  /** From here to `unmute` the main process is told nothing; what is asked of it is answered. */
  mute(): void {
    this.#isMuted = true
  }

  unmute(): void {
    this.#isMuted = false
  }

  /**
   * Resolves when every call has been answered, when none has been for {@link SETTLE_MS}, or when nobody is there any more to
   * answer; also lets console output go out first. Calls that go on being made are not waited for longer than that.
   *
   * @param isStill nothing has been printed since the last call
   */
  async settle(isStill = false): Promise<void> {
    if (isStill && this.#pending.size === 0) return
    const end = now() + SETTLE_MS
    await new Promise(resolve => setImmediate(resolve))
    const first = [...this.#pending]
    const isWaiting = (): boolean => now() < end || first.some(answer => this.#pending.has(answer))
    let answered = -1
    while (this.#pending.size > 0 && process.connected && this.#answered > answered && isWaiting()) {
      answered = this.#answered
      await this.#waitForAnswers()
    }
  }

  /**
   * At the end of a branch, once all is settled: nothing is sent any more. A call made while the result is on its way would be
   * cut off by the end of the process, in the middle of a message on the channel that the next process goes on with.
   */
  close(): void {
    this.#isClosed = true
  }

  async #waitForAnswers(): Promise<void> {
    let stop = (): void => {}
    const stopped = new Promise<void>(resolve => {
      stop = resolve
    })
    const timer = setTimeout(stop, SETTLE_MS)
    process.once('disconnect', stop)
    await Promise.race([Promise.allSettled(this.#pending), stopped])
    process.off('disconnect', stop)
    clearTimeout(timer)
  }

  /**
   * After a branch that died with a call in flight: its answer will come here, and the call ids of all branches start with
   * the same one, since they are made of `Math.random()` and the sequence is part of the state. Moves on to other ids.
   */
  disown(): void {
    for (let i = 0; i < NUMBERS_IN_ID / 3; i++) random()
  }

  /** Moves on as a call does: for a branch that makes no call where another one makes one. */
  skipId(): void {
    for (let i = 0; i < NUMBERS_IN_ID; i++) random()
  }
}
