import { describeOutcome, type ForkedProcess, ForkpointError } from 'forkpoint/adapter'
import type { PoolOptions, PoolWorker, WorkerRequest } from 'vitest/node'
import type { ImportsMessage } from './imports-message.ts'
import { POOL_NAME } from './pool-name.ts'

type Listener = (value: never) => void

/** Where a worker gets its process from. */
export interface ProcessSource {
  /** A child of a zygote for these files; or null, where they are left to the runner's own. */
  find(files: readonly string[]): Promise<ForkedProcess | null>
  /** What a file has imported, of what Vitest leaves to Node. */
  noteImports(file: string, imports: ImportsMessage['imports']): void
}

/** What Vitest asks of a worker, of which it hears by `Response`. */
type Request = WorkerRequest & { type?: string; context?: { files?: ReadonlyArray<{ filepath: string }> } }
type Response = { type: string; error?: unknown }

/**
 * What Vitest takes for the worker of one test file. It is given a process when it is known which file that is: a child that is forked
 * for it, or a worker of the kind that Vitest itself would have started. A process that dies fails its file, and no other.
 */
export class FileWorker implements PoolWorker {
  readonly name: string = POOL_NAME
  /** Transformed modules are handed over as files. */
  readonly cacheFs = true
  readonly #options: PoolOptions
  readonly #source: ProcessSource
  readonly #listeners = new Map<string, Set<Listener>>()
  #files: readonly string[] = []
  #forked: ForkedProcess | null = null
  #plain: PoolWorker | null = null
  /** What came before there was a process. */
  readonly #waiting: WorkerRequest[] = []
  #start: WorkerRequest | null = null
  /** For when the process has started. */
  #run: WorkerRequest | null = null
  #phase: 'new' | 'begun' | 'finished' | 'stopping' | 'stopped' = 'new'

  constructor(options: PoolOptions, source: ProcessSource) {
    this.#options = options
    this.#source = source
  }

  on(event: string, listener: Listener): void {
    const listeners = this.#listeners.get(event) ?? new Set()
    this.#listeners.set(event, listeners.add(listener))
  }

  off(event: string, listener: Listener): void {
    this.#listeners.get(event)?.delete(listener)
  }

  deserialize(data: unknown): unknown {
    return data
  }

  async start(): Promise<void> {
    // The process is found when the file is known.
  }

  send(message: WorkerRequest): void {
    const { type, context } = message as Request
    if (type === 'start') {
      this.#start = message
      this.#answer('started')
    } else if (type === 'run' || type === 'collect') {
      this.#phase = 'begun'
      this.#files = (context?.files ?? []).map(({ filepath }) => filepath)
      this.#run = message
      void this.#begin()
    } else {
      const isNew = this.#phase === 'new'
      if (type === 'stop') this.#phase = 'stopping'
      if (type === 'stop' && isNew) this.#answer('stopped')
      else this.#pass(message)
    }
  }

  async stop(): Promise<void> {
    this.#phase = 'stopped'
    await this.#forked?.end()
    await this.#plain?.stop()
  }

  async #begin(): Promise<void> {
    try {
      const forked = await this.#source.find(this.#files)
      if (this.#phase === 'stopped') return await forked?.end()
      if (forked === null) await this.#startPlain()
      else this.#adopt(forked)
      if (this.#start !== null) this.#pass(this.#start)
      for (const message of this.#waiting.splice(0)) this.#pass(message)
    } catch (error) {
      this.#emit('error', error)
    }
  }

  #adopt(forked: ForkedProcess): void {
    this.#forked = forked
    forked.onMessage(message => this.#hear(message))
    void forked.ended.then(outcome => {
      if (this.#phase === 'stopping') this.#answer('stopped')
      if (this.#phase !== 'begun') return
      const what = `The test file ${this.#files.join(', ')} did not end: ${describeOutcome(outcome)}.`
      this.#emit('error', new ForkpointError('ERR_FORKPOINT_CHILD', what))
    })
  }

  async #startPlain(): Promise<void> {
    const { ForksPoolWorker } = await import('vitest/node')
    const plain = new ForksPoolWorker(this.#options)
    await plain.start()
    this.#plain = plain
    plain.on('message', message => this.#hear(message))
    for (const event of ['error', 'exit']) plain.on(event, (...args: unknown[]) => this.#emit(event, ...args))
  }

  #pass(message: WorkerRequest): void {
    if (this.#forked !== null) this.#forked.send(message)
    else if (this.#plain !== null) this.#plain.send(message)
    else this.#waiting.push(message)
  }

  #hear(message: unknown): void {
    const response = responseIn(message)
    if (response?.type === 'testfileFinished' && this.#phase === 'begun') this.#phase = 'finished'
    if (response?.type === 'started') this.#noteStarted(response)
    else if (isImports(message)) this.#source.noteImports(message.file, message.imports)
    else this.#emit('message', message)
  }

  /** Vitest was told so when there was no process yet. */
  #noteStarted({ error }: Response): void {
    if (error !== undefined) this.#emit('error', error)
    else if (this.#run !== null) this.#pass(this.#run)
    this.#run = null
  }

  /** As another process would: later. */
  #answer(type: string): void {
    queueMicrotask(() => this.#emit('message', { __vitest_worker_response__: true, type }))
  }

  #emit(event: string, ...args: unknown[]): void {
    for (const listener of [...(this.#listeners.get(event) ?? [])])
      (listener as (...args: unknown[]) => void)(...args)
  }
}

function isImports(message: unknown): message is ImportsMessage {
  return typeof message === 'object' && message !== null && 'imports' in message
}

function responseIn(message: unknown): Response | null {
  const { __vitest_worker_response__: isResponse } = Object(message) as Record<string, unknown>
  return isResponse === true ? (message as Response) : null
}
