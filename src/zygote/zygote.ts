import { type ChildProcess, fork } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import type { Writable } from 'node:stream'
import type { Refusal } from '../engine.ts'
import { ForkedProcess } from './forked-process.ts'
import type { Unsuitable } from './import-ahead.ts'
import type { Death, ZygoteNote, ZygoteOrder, ZygotePlan, ZygoteReport } from './orders.ts'
import type { Reception } from './reception.ts'

/** How long a process that was asked to end may take before it is made to. */
const END_MS = 500

/** What keeps a process alive, or does not. */
interface Held {
  ref(): void
  unref(): void
}

export interface ZygoteStart {
  /** The program, which calls `serveForks`. */
  entry: string
  execArgv: readonly string[]
  env: NodeJS.ProcessEnv
  plan: ZygotePlan
  /** What it and its children print goes there. */
  stdout: Writable
  stderr: Writable
  reception: Reception
}

/** A process that was started, has imported what its children have in common, and forks them: as the main process sees it. */
export class Zygote {
  /** Why nothing can be forked from it, and whether a module is to blame; else what it took to become ready. */
  readonly ready: Promise<ZygoteReport | Refusal | Unsuitable>
  readonly #process: ChildProcess
  readonly #reception: Reception
  readonly #children = new Map<string, ForkedProcess>()
  readonly #closed: Promise<unknown>
  #hasEnded = false

  constructor({ entry, execArgv, env, plan, stdout, stderr, reception }: ZygoteStart) {
    this.#reception = reception
    const child = fork(entry, [], { execArgv: [...execArgv], env, stdio: 'pipe', serialization: 'advanced' })
    this.#process = child
    child.stdout?.pipe(stdout, { end: false })
    child.stderr?.pipe(stderr, { end: false })
    this.#closed = new Promise(resolve => {
      child.on('close', resolve)
      child.on('error', resolve)
    })
    // It is told of by `exit`; and one that can't be started has no `exit`.
    child.on('error', () => this.#noteEnd())
    child.on('exit', () => this.#noteEnd())
    this.ready = new Promise(resolve => {
      child.on('message', message => {
        const note = message as ZygoteNote
        if ('ready' in note) resolve(note.ready)
        else if ('unfit' in note) resolve(note.unfit)
        else if ('unsuitable' in note) resolve(note.unsuitable)
        else this.#endChild(note.ended, note.outcome)
      })
      child.on('exit', (code, signal) => resolve(diedEarly(signal ?? `code ${code}`)))
      child.on('error', error => resolve(diedEarly(error.message)))
    })
    this.#order({ prepare: plan })
  }

  get hasEnded(): boolean {
    return this.#hasEnded
  }

  /** No child of it is alive. */
  get isIdle(): boolean {
    return this.#children.size === 0
  }

  /** A child, once it can be reached; null when it, or the zygote, has ended before. */
  async fork(): Promise<ForkedProcess | null> {
    if (this.#hasEnded) return null
    const id = randomUUID()
    const child = new ForkedProcess(signal => this.#order({ kill: id, signal }))
    this.#children.set(id, child)
    this.#noteUse()
    const coming = this.#reception.await(id)
    this.#order({ fork: id, address: this.#reception.address })
    const socket = await Promise.race([coming, child.ended.then(() => null)])
    if (socket === null) {
      this.#reception.forget(id)
      return null
    }
    child.connect(socket)
    return child
  }

  /** Ends it, and with it its children; resolves when all they have printed has been passed on. */
  async end(): Promise<void> {
    if (!this.#hasEnded) this.#process.kill()
    const timer = setTimeout(() => this.#process.kill('SIGKILL'), END_MS)
    await this.#closed
    clearTimeout(timer)
  }

  /** While it has children it is a reason for the main process to stay, and otherwise none. */
  #noteUse(): void {
    const { stdin, stdout, stderr, channel } = this.#process
    const held = [this.#process, channel, stdin, stdout, stderr] as Array<Partial<Held> | null | undefined>
    const method = this.isIdle ? 'unref' : 'ref'
    for (const each of held) each?.[method]?.()
  }

  #endChild(id: string, outcome: Death): void {
    this.#children.get(id)?.noteEnd(outcome)
    this.#children.delete(id)
    this.#noteUse()
  }

  /** Its children end with it. */
  #noteEnd(): void {
    this.#hasEnded = true
    for (const id of this.#children.keys()) this.#endChild(id, { kind: 'signal', signal: 'SIGKILL' })
  }

  #order(order: ZygoteOrder): void {
    // It may have ended without having been seen to.
    if (this.#process.connected) this.#process.send(order, () => {})
  }
}

function diedEarly(how: string): Refusal {
  return {
    engine: 'fork',
    check: 'zygote',
    why: `the process that test files were to be forked from has ended while it was made ready (${how})`,
    remedy: 'see what it has printed; a module of `preload` may have ended it',
  }
}
