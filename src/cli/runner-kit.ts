/** What the command line has to know of a test runner that forkpoint has a plugin for. */
export interface RunnerKit {
  /** Of the runner's package. */
  readonly name: string
  /** What a project adds to its configuration, and to which file. */
  readonly line: string
}
