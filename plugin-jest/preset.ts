/** `preset: 'forkpoint'`: the environment that rolls back, and the runner that starts its processes for that. */
const preset: { testEnvironment: string; runner: string } = {
  testEnvironment: 'forkpoint/jest',
  runner: 'forkpoint/jest/runner',
}
export default preset
