import {
  type FileRecord,
  formatSummary,
  intrinsics,
  type ResolvedOptions,
  type RunRecord,
  writeReportFile,
} from 'forkpoint/adapter'
import type { Reporter, TestModule, Vitest } from 'vitest/node'

/** Reporters whose output on stdout is for programs, which a line of ours would break. */
const FOR_PROGRAMS = new Set(['json', 'junit', 'tap', 'tap-flat', 'blob'])

/** At the end of a run: forkpoint's few lines, and the report file. */
export class SummaryReporter implements Reporter {
  readonly vitest: Vitest
  readonly #options: ResolvedOptions
  #startedAt = 0

  constructor(vitest: Vitest, options: ResolvedOptions) {
    this.vitest = vitest
    this.#options = options
  }

  onTestRunStart(): void {
    this.#startedAt = intrinsics.dateNow()
  }

  onTestRunEnd(modules: ReadonlyArray<TestModule>, errors: ReadonlyArray<unknown>): void {
    const { vitest } = this
    const files = modules.map(module => module.meta().forkpoint).filter(record => record !== undefined)
    const run: RunRecord = {
      runner: `vitest@${vitest.version}`,
      node: process.versions.node,
      files: files as FileRecord[],
      startedAt: this.#startedAt,
      wallMs: intrinsics.dateNow() - this.#startedAt,
    }
    // When the files told nothing because they could not be run, there is nothing to say about them.
    if (files.length > 0 || errors.length === 0) this.#print(run)
    if (this.#options.report !== null) writeReportFile(this.#options.report, run)
  }

  #print(run: RunRecord): void {
    const stream = this.#isStdoutForPrograms() ? process.stderr : process.stdout
    const colors = hasColors(stream)
    const { root } = this.vitest.config
    stream.write(`${formatSummary(run, { colors, trace: this.#options.trace, root })}\n\n`)
  }

  #isStdoutForPrograms(): boolean {
    const { reporters, outputFile } = this.vitest.config
    return (reporters as unknown[]).some(entry => {
      const name = Array.isArray(entry) ? String(entry[0]) : ''
      const hasFile =
        typeof outputFile === 'string' ||
        (outputFile as Record<string, string> | undefined)?.[name] !== undefined
      return FOR_PROGRAMS.has(name) && !hasFile
    })
  }
}

function hasColors(stream: NodeJS.WriteStream): boolean {
  const { NO_COLOR, FORCE_COLOR } = process.env
  if (NO_COLOR) return false
  if (FORCE_COLOR !== undefined) return FORCE_COLOR !== '0'
  return stream.isTTY === true
}
