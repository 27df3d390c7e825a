import { type ChildProcess, spawn } from 'node:child_process'
import {
  closeSync,
  existsSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { HANG_LIMIT_MS } from './hang-limit.ts'
import { livingOf, type ProcessEntry, processesOf, waitUntilGone } from './processes.ts'
import { killGroup } from './run-bounded.ts'
import { environment } from './run-suite.ts'
import { makeSuiteFolder, type SuiteFolder } from './suite-folder.ts'
import { repositoryRoot, type TargetName, targetOf } from './targets.ts'

/** What one run in watch mode has come to, as its reporter tells. */
export interface WatchedRun {
  readonly reason: 'passed' | 'failed' | 'interrupted'
  /** Of no test: unhandled ones, and those of files. */
  readonly errors: readonly string[]
  readonly tests: ReadonlyArray<{
    readonly name: string
    /** Its state, and the messages of its errors. */
    readonly outcome: string
    readonly meta: Readonly<Record<string, unknown>>
  }>
  /** What was printed since the run before. */
  readonly printed: string
  /** Processes that are left besides Vitest's own, as "pid command". */
  readonly leftover: readonly string[]
}

type Message =
  | { kind: 'begun'; test: string }
  | ({ kind: 'ended' } & Omit<WatchedRun, 'printed' | 'leftover'>)

export interface WatchedSuiteOptions {
  readonly target: TargetName
  /** `vitest.config.mjs` among them. */
  readonly files: Readonly<Record<string, string>>
  /** Processes of it stay from run to run: nobody waits for their end, or tells of them. */
  readonly keepsProcesses?: boolean
  /** Less than a test's own limit: what was printed until then is in its error. */
  readonly limitMs?: number
}

/** The reporter that a watched suite's configuration names. */
export const watchReporter: string = join(repositoryRoot, 'test', 'support', 'watch-reporter.mjs')

/** A process of Vitest 5's own, which ends its workers if it dies. */
const WATCHDOG = 'vitest-watchdog'

/** A suite in a folder of its own that a target's Vitest watches, from its command line on, while the files are edited. */
export class WatchedSuite implements AsyncDisposable {
  readonly #folder: SuiteFolder
  readonly #process: ChildProcess
  readonly #log: string
  readonly #messages: Message[] = []
  readonly #timer: NodeJS.Timeout
  #wake = (): void => {}
  #hasEnded = false
  #read = 0

  readonly #keepsProcesses: boolean

  constructor({ target: name, files, keepsProcesses = false, limitMs = HANG_LIMIT_MS }: WatchedSuiteOptions) {
    this.#keepsProcesses = keepsProcesses
    const target = targetOf(name)
    this.#folder = makeSuiteFolder(files, target.nodeModules)
    this.#log = join(this.#folder.own, 'log')
    const log = openSync(this.#log, 'w')
    this.#process = spawn(target.node, [target.vitest, '--watch', '--config', 'vitest.config.mjs'], {
      cwd: this.#folder.suite,
      env: environment({}),
      detached: true,
      stdio: ['ignore', log, log, 'ipc'],
    })
    closeSync(log)
    this.#process.on('message', (message: Message) => {
      this.#messages.push(message)
      this.#wake()
    })
    this.#process.on('exit', () => {
      this.#hasEnded = true
      this.#wake()
    })
    this.#timer = setTimeout(() => killGroup(this.#pid), limitMs)
  }

  get #pid(): number {
    const { pid } = this.#process
    if (pid === undefined) throw new Error('Vitest did not start')
    return pid
  }

  /** Saves files: Vitest sees it, and runs. */
  edit(files: Readonly<Record<string, string>>): void {
    for (const [name, text] of Object.entries(files)) {
      // Whole at once: Vitest might read what is half written, and would not look again.
      const fresh = join(this.#folder.own, name.replaceAll('/', '-'))
      writeFileSync(fresh, text)
      renameSync(fresh, join(this.#folder.suite, name))
    }
  }

  /** As the key `c`. */
  cancel(): void {
    this.#process.send({ request: 'cancel' })
  }

  /** The end of the next run. */
  async ended(): Promise<WatchedRun> {
    const message = await this.#next(({ kind }) => kind === 'ended')
    if (message.kind !== 'ended') throw new TypeError('another message than was asked for')
    const leftover = this.#keepsProcesses ? [] : await this.#leftover()
    const log = readFileSync(this.#log, 'utf8')
    const printed = log.slice(this.#read)
    this.#read = log.length
    return {
      ...message,
      printed: printed.replaceAll(this.#folder.suite, '<dir>'),
      leftover,
    }
  }

  /** Open descriptors of Vitest's process: those of workers that have ended are closed a moment later, and it has it. */
  async descriptors(wanted: number): Promise<number> {
    const count = (): number => readdirSync(`/proc/${this.#pid}/fd`).length
    for (let tries = 0; tries < 20 && count() > wanted; tries++) await delay(50)
    return count()
  }

  /** Resolves once the test has begun. */
  async begun(test: string): Promise<void> {
    await this.#next(message => message.kind === 'begun' && message.test === test)
  }

  /** Resolves once a test has written the file. */
  async written(file: string): Promise<void> {
    while (this.read(file) === null) {
      if (this.#hasEnded) throw this.#endedEarly()
      await delay(20)
    }
  }

  read(file: string): string | null {
    const path = join(this.#folder.suite, file)
    return existsSync(path) ? readFileSync(path, 'utf8') : null
  }

  /** Ends Vitest; the processes that it leaves behind. */
  async close(): Promise<string[]> {
    if (!this.#hasEnded) this.#process.send({ request: 'close' })
    while (!this.#hasEnded) await this.#change()
    return this.#leftover()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearTimeout(this.#timer)
    killGroup(this.#pid)
    while (!this.#hasEnded) await this.#change()
    rmSync(this.#folder.root, { recursive: true, force: true })
  }

  /** A worker that was told to end may need a moment more than the process that told it. */
  async #leftover(): Promise<string[]> {
    const isOther = ({ pid, command }: ProcessEntry): boolean => pid !== this.#pid && command !== WATCHDOG
    const others = (): ProcessEntry[] => livingOf(processesOf(this.#pid)).filter(isOther)
    return (await waitUntilGone(others, 1000)).map(({ pid, command }) => `${pid} ${command}`)
  }

  #endedEarly(): Error {
    return new Error(`Vitest has ended:\n${readFileSync(this.#log, 'utf8')}`)
  }

  #change(): Promise<void> {
    return new Promise(resolve => {
      this.#wake = resolve
    })
  }

  async #next(isWanted: (message: Message) => boolean): Promise<Message> {
    for (;;) {
      for (let message = this.#messages.shift(); message !== undefined; message = this.#messages.shift())
        if (isWanted(message)) return message
      if (this.#hasEnded) throw this.#endedEarly()
      await this.#change()
    }
  }
}
