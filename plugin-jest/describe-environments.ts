import { readFileSync } from 'node:fs'
import { relative } from 'node:path'
import { chooseEnvironment } from './choose-environment.ts'
import { OPTIONS_KEY } from './option-names.ts'
import { resolveJestOptions } from './resolve-jest-options.ts'
import type { TestFile } from './runner-class.ts'

/** In the first comment of a file, where Jest reads it. */
const IN_COMMENT = /^\s*(?:#!.*\n\s*)?\/\*\*(?:(?!\*\/)[\s\S])*?@jest-environment\s+(?!forkpoint\/)\S/

const CURE = 'make one with `withForkpoint`, and name that'

/** Where nothing is rolled back because of the environment that a project has named, or a file: as lines. */
export function describeEnvironments(tests: readonly TestFile[]): string[] {
  const paths = new Set(
    tests
      .filter(({ context }) => chooseEnvironment(context.config.testEnvironment) === 'never')
      .map(({ context: { config } }) => relative(config.rootDir, config.testEnvironment)),
  )
  const lines = [...paths].map(
    path => `Nothing is rolled back in the environment ${path}, which only Jest can load: ${CURE}.`,
  )
  // A `setup()` says so itself.
  const inComments = tests.filter(test => isAsked(test) && IN_COMMENT.test(readFileSync(test.path, 'utf8')))
  const [first] = inComments
  if (first === undefined) return lines
  const which = inComments.length === 1 ? 'the file that names' : `${inComments.length} files that name`
  const path = relative(first.context.config.rootDir, first.path)
  const line = `Nothing is rolled back in ${which} an environment by \`@jest-environment\` (${path}): ${CURE}.`
  return [...lines, line]
}

/** Whether it may be rolled back without a word in it. */
function isAsked({ context }: TestFile): boolean {
  const { hoist, scope } = resolveJestOptions(context.config.testEnvironmentOptions[OPTIONS_KEY], process.env)
  return hoist || scope === 'all'
}
