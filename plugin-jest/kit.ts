/** Jest, for the command line. */
export const jestKit: { name: string; line: string } = {
  name: 'jest',
  line: "`preset: 'forkpoint'` in jest.config.js",
}
