import type { EnvironmentConfig } from './environment-class.ts'

/** Under this name forkpoint's options stand in Jest's `testEnvironmentOptions`. */
const KEY = 'forkpoint'

/** Forkpoint's options, not yet checked, and the rest of the configuration: Jest makes its options global variables of the tests. */
export function readOptions(config: EnvironmentConfig): { given: unknown; rest: EnvironmentConfig } {
  const { projectConfig } = config
  const { [KEY]: given, ...testEnvironmentOptions } = projectConfig.testEnvironmentOptions
  return { given, rest: { ...config, projectConfig: { ...projectConfig, testEnvironmentOptions } } }
}
