import {
  type FileRecord,
  findUnusedRules,
  formatSummary,
  intrinsics,
  type ResolvedOptions,
  type RunRecord,
  writeReportFile,
} from 'forkpoint/adapter'
import { loadJestModule } from './jest-modules.ts'
import type { RunConfig } from './runner-class.ts'

/** At the end of a run, after Jest's own lines: forkpoint's, and the report file. One for all projects. */
export class RunSummary {
  static #instance: RunSummary | null = null
  readonly #records: FileRecord[] = []
  #config: RunConfig | null = null
  #options: ResolvedOptions[] = []
  #startedAt = 0
  #isDue = false

  static get(): RunSummary {
    RunSummary.#instance ??= new RunSummary()
    return RunSummary.#instance
  }

  private constructor() {
    // Jest may end its process as soon as its own reporters have.
    process.on('exit', () => this.#print())
  }

  begin(config: RunConfig, options: readonly ResolvedOptions[]): void {
    if (this.#config === null) this.#startedAt = intrinsics.dateNow()
    this.#config = config
    this.#options.push(...options)
    this.#isDue = false
  }

  add(record: FileRecord): void {
    this.#records.push(record)
  }

  /** The files of one project have ended. Jest goes on with the next one, or its reporters, at once. */
  end(): void {
    this.#isDue = true
    intrinsics.setImmediate(() => this.#print())
  }

  #print(): void {
    const config = this.#config
    if (!this.#isDue || config === null) return
    this.#isDue = false
    const options = this.#options.splice(0)
    const run = this.#recordOf(this.#records.splice(0), options)
    this.#config = null
    const colors = process.stderr.isTTY === true && !process.env.NO_COLOR
    const trace = options.some(each => each.trace)
    // Where Jest's own lines go.
    process.stderr.write(`${formatSummary(run, { colors, trace, root: config.rootDir })}\n\n`)
    for (const path of new Set(options.map(({ report }) => report))) {
      if (path !== null) writeReportFile(path, run)
    }
  }

  #recordOf(files: FileRecord[], options: readonly ResolvedOptions[]): RunRecord {
    const [first] = options
    const { version } = loadJestModule('jest-runner/package.json') as { version: string }
    return {
      ...(options.length === 1 && { findings: findUnusedRules(files, first?.rules ?? []) }),
      runner: `jest@${version}`,
      node: process.versions.node,
      files,
      startedAt: this.#startedAt,
      wallMs: intrinsics.dateNow() - this.#startedAt,
    }
  }
}
