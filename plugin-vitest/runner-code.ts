/** Paths of the code that runs the tests: its state must outlast them. */
export const RUNNER_CODE: RegExp = /\/node_modules\/(?:vitest|vite|forkpoint|@vitest\/[^/]+)\//
