import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { defineConfig, type ViteUserConfig } from 'vitest/config'
import { HANG_LIMIT_MS } from './support/hang-limit.ts'

const fromRoot = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url))

const config: ViteUserConfig = defineConfig({
  root: fromRoot('.'),
  resolve: {
    alias: [
      { find: /^forkpoint$/, replacement: fromRoot('src/index.ts') },
      { find: /^forkpoint\/adapter$/, replacement: fromRoot('src/adapter.ts') },
    ],
  },
  test: {
    include: ['test/**/*.test.ts'],
    // Suites run by tests, not with them.
    exclude: ['**/node_modules/**', 'test/matrix/**', 'test/corpus/**'],
    // Builds what is older than its sources, and installs the Vitest versions to test on.
    globalSetup: [fromRoot('test/support/global-setup.ts')],
    pool: 'forks',
    // Most of a test's time goes by in the processes it starts, and much of that in waiting.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    // Most tests start Node processes of their own, and end by themselves those that hang.
    testTimeout: HANG_LIMIT_MS + 60_000,
    hookTimeout: HANG_LIMIT_MS + 60_000,
    // There, thousands of processes on a machine that others share: what passes at the second attempt is marked in the list.
    // Here a test that fails once is a fault, of it or of forkpoint.
    retry: process.env.CI ? 1 : 0,
  },
})

export default config
