import { type ShippedRule, unpackRules } from 'forkpoint/adapter'
import type { EnvironmentConfig } from './environment-class.ts'
import { ENVIRONMENT_KEY, OPTIONS_KEY, SHIPPED_KEY } from './option-names.ts'

/** Forkpoint's options, not yet checked, and the rest of the configuration: Jest makes its options global variables of the tests. */
export function readOptions(config: EnvironmentConfig): { given: unknown; rest: EnvironmentConfig } {
  const { projectConfig } = config
  const {
    [OPTIONS_KEY]: own,
    [SHIPPED_KEY]: shipped,
    [ENVIRONMENT_KEY]: _,
    ...testEnvironmentOptions
  } = projectConfig.testEnvironmentOptions
  const given = shipped === undefined ? own : unpack(shipped as { rules: ShippedRule[] })
  return { given, rest: { ...config, projectConfig: { ...projectConfig, testEnvironmentOptions } } }
}

function unpack(shipped: { rules: ShippedRule[] }): object {
  return { ...shipped, rules: unpackRules(shipped.rules) }
}
