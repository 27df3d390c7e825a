import { packRules, type ResolvedOptions } from 'forkpoint/adapter'
import { ANY_ENVIRONMENT, chooseEnvironment } from './choose-environment.ts'
import { ENVIRONMENT_KEY, OPTIONS_KEY, SHIPPED_KEY } from './option-names.ts'
import { resolveJestOptions } from './resolve-jest-options.ts'
import type { TestFile } from './runner-class.ts'

type Context = TestFile['context']
type EnvironmentOptions = Context['config']['testEnvironmentOptions']

/** Of the projects that these files are of, each once. */
export function readAll(tests: readonly TestFile[]): ResolvedOptions[] {
  const given = new Set(tests.map(({ context }) => context.config.testEnvironmentOptions[OPTIONS_KEY]))
  return [...given].map(each => resolveJestOptions(each, process.env))
}

/**
 * The files, with the configuration that their environment is to see.
 *
 * @param isShipped they go to workers: functions can't, and Jest sends the configuration with each file
 */
export function prepareTests(tests: readonly TestFile[], isShipped: boolean): TestFile[] {
  const contexts = new Map<Context, Context>()
  return tests.map(test => {
    const context = contexts.get(test.context) ?? prepareContext(test.context, isShipped)
    contexts.set(test.context, context)
    return { ...test, context }
  })
}

function prepareContext(context: Context, isShipped: boolean): Context {
  const { config } = context
  const { testEnvironment, testEnvironmentOptions } = config
  const shipped = isShipped ? shipOptions(testEnvironmentOptions) : testEnvironmentOptions
  const prepared =
    chooseEnvironment(testEnvironment) === 'any'
      ? {
          testEnvironment: ANY_ENVIRONMENT,
          testEnvironmentOptions: { ...shipped, [ENVIRONMENT_KEY]: testEnvironment },
        }
      : { testEnvironmentOptions: shipped }
  return { ...context, config: { ...config, ...prepared } }
}

function shipOptions(options: EnvironmentOptions): EnvironmentOptions {
  const { [OPTIONS_KEY]: given, ...others } = options
  const { rules } = resolveJestOptions(given, process.env)
  if (rules.length === 0) return options
  return { ...others, [SHIPPED_KEY]: { ...(given as object), rules: packRules(rules) } }
}
