/**
 * Why setups are re-run once an undo has failed.
 *
 * @param isApart the test has run in a process of its own, which has ended; else the process that it has run in goes on
 */
export function describeTainted(problem: string, isApart: boolean): string {
  const where = isApart ? 'the process of that test has ended with it' : 'the process of that test goes on'
  return `what a test did outside is not undone: ${problem}; ${where}`
}
