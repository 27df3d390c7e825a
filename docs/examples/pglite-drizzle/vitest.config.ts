import forkpoint from 'forkpoint/vitest'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  plugins: [forkpoint({ report: 'report.json' })],
  test: { hookTimeout: 60_000, testTimeout: 30_000 },
})
