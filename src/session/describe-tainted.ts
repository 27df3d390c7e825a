/** Why setups are re-run once an undo has failed. */
export function describeTainted(problem: string): string {
  return `what a test did outside is not undone: ${problem}`
}
