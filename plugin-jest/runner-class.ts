/** The part of a test file, as Jest gives it to its runner, that forkpoint reads. */
export interface TestFile {
  path: string
  context: {
    config: {
      rootDir: string
      testEnvironment: string
      testEnvironmentOptions: Readonly<Record<string, unknown>>
      setupFilesAfterEnv: readonly string[]
    }
    /** Imports of the project's files, as they are written. */
    hasteFS: { getDependencies(file: string): readonly string[] | null }
    resolver: { resolveModule(from: string, name: string): string }
  }
}

export interface Watcher {
  isInterrupted(): boolean
}

export interface RunOptions {
  /** In Jest's own process. */
  serial: boolean
}

/** The part of a run's configuration that the runner reads. */
export interface RunConfig {
  detectLeaks: boolean
  detectOpenHandles: boolean
  workerThreads?: boolean
  rootDir: string
  json: boolean
}

type Listener = (payload: never) => unknown

/** Jest's own runner. */
export interface JestRunner {
  runTests(tests: readonly TestFile[], watcher: Watcher, options: RunOptions): Promise<void>
  on(event: string, listener: Listener): () => void
}

export type JestRunnerClass = new (config: RunConfig, context: object) => JestRunner
