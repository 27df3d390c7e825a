import {
  type FileRecord,
  findUnusedRules,
  formatSummary,
  intrinsics,
  type ResolvedOptions,
  type RunRecord,
  writeReportFile,
} from 'forkpoint/adapter'
import type { Reporter, TestModule, TestProject, Vitest } from 'vitest/node'
import { Forking } from './pool/forking.ts'

/** Reporters whose output on stdout is for programs, which a line of ours would break. */
const FOR_PROGRAMS = new Set(['json', 'junit', 'tap', 'tap-flat', 'blob'])

const reporters = new WeakMap<Vitest, SummaryReporter>()

/** At the end of a run: forkpoint's few lines, and the report file. One for all projects, whatever plugin they have it from. */
export class SummaryReporter implements Reporter {
  readonly #vitest: Vitest
  /** The configuration that the projects are of: a restart in watch mode makes it and them anew. */
  #config: Vitest['config'] | null = null
  readonly #projects = new Map<TestProject, ResolvedOptions>()
  #startedAt = 0

  private constructor(vitest: Vitest) {
    this.#vitest = vitest
  }

  static of(vitest: Vitest): SummaryReporter {
    const reporter = reporters.get(vitest) ?? new SummaryReporter(vitest)
    reporters.set(vitest, reporter)
    return reporter
  }

  /** Of a project that has the plugin twice, from its own configuration and from one it extends, the last options count. */
  add(project: TestProject, options: ResolvedOptions): void {
    const { config } = this.#vitest
    if (this.#config !== config) {
      this.#config = config
      this.#projects.clear()
      config.reporters.push(this as never)
    }
    this.#projects.set(project, options)
  }

  onTestRunStart(): void {
    this.#startedAt = intrinsics.dateNow()
  }

  onTestRunEnd(modules: ReadonlyArray<TestModule>, errors: ReadonlyArray<unknown>): void {
    const starts = Forking.find(this.#vitest)?.endRun() ?? null
    const run = this.#recordOf(modules, starts)
    // When the files told nothing because they could not be run, there is nothing to say about them.
    if (run.files.length > 0 || starts !== null || errors.length === 0) this.#print(run)
    for (const path of this.#reportsOf(modules)) {
      writeReportFile(
        path,
        this.#recordOf(
          modules.filter(module => this.#reportOf(module) === path),
          starts,
        ),
      )
    }
  }

  #recordOf(modules: ReadonlyArray<TestModule>, starts: RunRecord['starts'] | null): RunRecord {
    const files = modules.map(module => module.meta().forkpoint).filter(record => record !== undefined)
    const rules = [...this.#projects.values()].flatMap(options => options.rules)
    const isOfOne = this.#projects.size === 1
    return {
      ...(isOfOne && { findings: findUnusedRules(files as FileRecord[], rules) }),
      runner: `vitest@${this.#vitest.version}`,
      node: process.versions.node,
      files: files as FileRecord[],
      ...(starts && { starts }),
      startedAt: this.#startedAt,
      wallMs: intrinsics.dateNow() - this.#startedAt,
    }
  }

  #reportOf({ project }: TestModule): string | null {
    return this.#projects.get(project)?.report ?? null
  }

  /** The report files of the projects that took part; of all, when no file was run. */
  #reportsOf(modules: ReadonlyArray<TestModule>): Set<string> {
    const paths =
      modules.length > 0
        ? modules.map(module => this.#reportOf(module))
        : [...this.#projects.values()].map(({ report }) => report)
    return new Set(paths.filter(path => path !== null))
  }

  #print(run: RunRecord): void {
    const stream = this.#isStdoutForPrograms() ? process.stderr : process.stdout
    const colors = hasColors(stream)
    const { root } = this.#vitest.config
    const trace = [...this.#projects.values()].some(options => options.trace)
    stream.write(`${formatSummary(run, { colors, trace, root })}\n\n`)
  }

  #isStdoutForPrograms(): boolean {
    const { reporters, outputFile } = this.#vitest.config
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
