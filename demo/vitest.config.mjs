import { fileURLToPath } from 'node:url'
import forkpoint from 'forkpoint/vitest'

const report = process.env.DEMO_REPORT

export default {
  root: fileURLToPath(new URL('.', import.meta.url)),
  plugins: [forkpoint(report === undefined ? {} : { report })],
  test: {
    include: ['shop/tests/*.test.ts'],
    // One file after the other, so that the time per test says the same on a machine with more cores.
    fileParallelism: false,
    // The second run shall not order the files by what the first one measured.
    cache: false,
    // Starting a PostgreSQL takes its time on a busy machine.
    hookTimeout: 60_000,
    testTimeout: 30_000,
  },
}
