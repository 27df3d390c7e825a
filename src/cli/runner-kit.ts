import type { ForkpointOptions } from '../options.ts'

/** What the command line has to know of a test runner that forkpoint has a plugin for. */
export interface RunnerKit {
  /** Of the runner's package. */
  readonly name: string
  /** Names of files in a project's folder that say that it is used there. */
  readonly configFiles: RegExp
  /** What a project adds to its configuration. @param options as code, if any */
  line(options: string): string
  /**
   * Prepares a run of a project's own suite, by its own configuration, that changes no file: with forkpoint's options, or plain.
   *
   * @throws ForkpointError `ERR_FORKPOINT_CONFIG` where the configuration leaves no room for forkpoint
   */
  prepare(trial: Trial): TrialCommand
}

/** One run of a project's suite, to be compared with another. */
export interface Trial {
  project: string
  /** Of the runner's package. */
  runnerFolder: string
  /** Arguments for the runner. */
  args: readonly string[]
  /** Null: without forkpoint. */
  options: ForkpointOptions | null
  /** Only this test. */
  only: Pick<TriedTest, 'file' | 'name' | 'path'> | null
  /** For what the run needs: removed after it. */
  folder: string
}

/** A program that runs the suite, and sends a `TrialMessage` for each thing that has happened. */
export interface TrialCommand {
  args: readonly string[]
  env: Readonly<Record<string, string>>
}

/** Texts of errors are as the runner words them: of several lines, and coloured. */
export type TrialMessage =
  | { type: 'test'; test: TriedTest }
  /** What belongs to no test: a file that could not be loaded, an error after the tests. */
  | { type: 'error'; file: string; message: string }
  | { type: 'end' }

/** How one test has ended. */
export interface TriedTest {
  file: string
  /** With the names of its suites. */
  name: string
  /** Those, and its own. */
  path: readonly string[]
  state: 'passed' | 'failed' | 'skipped'
  /** The first line of what it failed with. */
  message: string
}
