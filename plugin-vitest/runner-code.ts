/** Paths of the code that runs the tests, those of properties too: its state must outlast them. */
export const RUNNER_CODE: RegExp =
  /\/node_modules\/(?:vitest|vite|forkpoint|fast-check|pure-rand|@(?:vitest|fast-check)\/[^/]+)\//
