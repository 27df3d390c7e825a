/** Everything one Vitest run reported, without times and without the folder it ran in. */
export interface SuiteRun {
  /** `null` when a signal or the time limit of runSuite ended it. */
  readonly exitCode: number | null
  readonly captured: Captured
  /** The suite's files after the run: snapshots, rewritten tests, whatever the tests wrote. */
  readonly files: Readonly<Record<string, string>>
  readonly coverage: Coverage | undefined
  /** Lines that tests wrote past the console, straight to the process' output, as "raw: …". */
  readonly rawLines: readonly string[]
  readonly stdout: string
  readonly stderr: string
  /** Processes of the run that outlived it. There must be none. */
  readonly leftover: readonly string[]
}

/** What capture-reporter.mjs wrote. `reason` is 'no run' when Vitest stopped before running anything. */
export interface Captured {
  readonly reason: string
  readonly order: readonly (readonly string[])[]
  readonly tasks: Readonly<Record<string, CapturedTask>>
  readonly strayConsole: readonly CapturedConsole[]
  readonly unhandledErrors: readonly CapturedError[]
  readonly snapshot: Readonly<Record<string, unknown>>
}

/** A file, a suite or a test, keyed in Captured by "file > suite > test". */
export interface CapturedTask {
  readonly type: 'module' | 'suite' | 'test'
  readonly state: string
  readonly errors: readonly CapturedError[]
  readonly meta: Readonly<Record<string, unknown>>
  /** The reporter's events for this task, without and with those of hooks. */
  readonly events: readonly string[]
  readonly hooks: readonly string[]
  readonly console: CapturedConsole
  readonly note?: string
  readonly duration?: string
  readonly retryCount?: number
  readonly repeatCount?: number
  readonly [further: string]: unknown
}

export interface CapturedConsole {
  readonly stdout: string
  readonly stderr: string
}

export interface CapturedError {
  readonly name?: string
  readonly message: string
  readonly frames: readonly string[]
  readonly [further: string]: unknown
}

export interface Coverage {
  /** The table of Vitest's text reporter: percentages and uncovered lines. */
  readonly table: string
  /** Per file every statement, function and branch, and whether it was covered; not how often, which setup run once changes. */
  readonly covered: Readonly<Record<string, readonly string[]>>
}
