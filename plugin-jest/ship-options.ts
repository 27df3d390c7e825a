import { packRules, type ResolvedOptions, resolveOptions } from 'forkpoint/adapter'
import { OPTIONS_KEY, SHIPPED_KEY } from './option-names.ts'
import type { TestFile } from './runner-class.ts'

type Context = TestFile['context']

/** Of the projects that these files are of, each once. */
export function readAll(tests: readonly TestFile[]): ResolvedOptions[] {
  const given = new Set(tests.map(({ context }) => context.config.testEnvironmentOptions[OPTIONS_KEY]))
  return [...given].map(each => resolveOptions(each, process.env))
}

/** The files, with options that can go to workers: functions can't, and Jest sends the configuration with each file. */
export function shipOptions(tests: readonly TestFile[]): TestFile[] {
  const contexts = new Map<Context, Context>()
  return tests.map(test => {
    const context = contexts.get(test.context) ?? shipContext(test.context)
    contexts.set(test.context, context)
    return { ...test, context }
  })
}

function shipContext(context: Context): Context {
  const { [OPTIONS_KEY]: given, ...others } = context.config.testEnvironmentOptions
  const { rules } = resolveOptions(given, process.env)
  if (rules.length === 0) return context
  const shipped = { ...(given as object), rules: packRules(rules) }
  const config = { ...context.config, testEnvironmentOptions: { ...others, [SHIPPED_KEY]: shipped } }
  return { ...context, config }
}
