import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { RunnerKit } from 'forkpoint/adapter'
import type { TrialInput } from './trial.ts'

const TRIAL = fileURLToPath(new URL('./vitest-trial.mjs', import.meta.url))

/** Vitest, for the command line. */
export const vitestKit: RunnerKit = {
  name: 'vitest',
  configFiles: /^(vitest|vite)\.(config|workspace)\./,
  line: options => `\`plugins: [forkpoint(${options})]\` in vitest.config.ts`,
  prepare({ runnerFolder, args, options, only, folder }) {
    const require = createRequire(join(runnerFolder, 'package.json'))
    const input: TrialInput = {
      vitest: pathToFileURL(require.resolve('vitest/node')).href,
      args,
      options,
      only,
      cacheFolder: folder,
    }
    return { args: [TRIAL], env: { FORKPOINT_TRIAL: JSON.stringify(input) } }
  },
}
