import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { RUNNER_CODE } from '../runner-code.ts'

/** What a module imports that speaks to the runner when it is imported: of which file it is then, the runner has to know. */
const IMPORTS_RUNNER =
  /(?:from|import|require\()\s*['"](?:vitest|@vitest\/[\w-]+|chai|@jest\/globals|forkpoint)(?:\/[\w-]+)?['"]/

/** Whether a module is the runner's, or speaks to it. */
export function isOfRunner(url: string): boolean {
  if (RUNNER_CODE.test(url)) return true
  try {
    return IMPORTS_RUNNER.test(readFileSync(fileURLToPath(url), 'utf8'))
  } catch {
    return true
  }
}

/** Global variables that Vitest makes where the project has `globals: true`. */
export const RUNNER_GLOBALS: readonly string[] = [
  ...[
    'suite',
    'test',
    'describe',
    'it',
    'chai',
    'expect',
    'assert',
    'expectTypeOf',
    'assertType',
    'vi',
    'vitest',
  ],
  ...[
    'beforeAll',
    'afterAll',
    'beforeEach',
    'afterEach',
    'aroundAll',
    'aroundEach',
    'onTestFailed',
    'onTestFinished',
  ],
]
