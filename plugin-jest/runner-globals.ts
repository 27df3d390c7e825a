/** Names of the symbols, and of the one variable, by which Jest, circus and `expect` keep what is the run's in the global object. */
const NAMES: ReadonlySet<string> = new Set([
  '__coverage__',
  'forkpoint.state',
  '$$jest-matchers-object',
  '$$jest-deletion-mode',
  '$$jest-protect-from-deletion',
  'JEST_STATE_SYMBOL',
  'EVENT_HANDLERS',
  'RETRY_TIMES',
  'RETRY_TIMES_SETTER',
  'RETRY_IMMEDIATELY',
  'WAIT_BEFORE_RETRY',
  'LOG_ERRORS_BEFORE_RETRY',
  'TEST_TIMEOUT_SYMBOL',
])

/** Whether a variable of the tests' global object is the runner's: what it holds is left alone, and what it leads to. */
export function isRunnerGlobal(key: PropertyKey): boolean {
  const name = typeof key === 'symbol' ? (key.description ?? '') : String(key)
  return NAMES.has(name) || (typeof key === 'symbol' && name.startsWith('jest-native-'))
}
