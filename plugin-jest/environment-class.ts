import type { CircusEvent, CircusState } from './circus.ts'

/** The part of Jest's configuration of a project that forkpoint reads. */
export interface ProjectConfig {
  rootDir: string
  cacheDirectory: string
  /** The path of the runner that runs the project's tests. */
  runner: string
  /** The path of circus. */
  testRunner: string
  transform: ReadonlyArray<readonly [pattern: string, path: string, config: unknown]>
  testEnvironmentOptions: Readonly<Record<string, unknown>>
}

/** The part of Jest's configuration of a run that forkpoint reads. */
export interface GlobalConfig {
  collectCoverage: boolean
  coverageProvider: string
  detectLeaks: boolean
  detectOpenHandles: boolean
  workerThreads?: boolean
}

export interface EnvironmentConfig {
  globalConfig: GlobalConfig
  projectConfig: ProjectConfig
}

export interface EnvironmentContext {
  console: object
  testPath: string
}

/** A test environment of Jest's, as far as forkpoint needs it. */
export interface Environment {
  /** The global object of the context that tests run in. */
  global: typeof globalThis
  setup(): Promise<void>
  teardown(): Promise<void>
  handleTestEvent?(event: CircusEvent, state: CircusState): void | Promise<void>
}

export type EnvironmentClass = new (config: EnvironmentConfig, context: EnvironmentContext) => Environment
