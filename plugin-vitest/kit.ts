import { realpathSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { escapePattern, ForkpointError, type RunnerKit } from 'forkpoint/adapter'
import type { TrialInput } from './trial.ts'

const TRIAL = fileURLToPath(new URL('./vitest-trial.mjs', import.meta.url))

/** Vitest, for the command line. */
export const vitestKit: RunnerKit = {
  name: 'vitest',
  configFiles: /^(vitest|vite)\.(config|workspace)\./,
  line: options => `\`plugins: [forkpoint(${options})]\` in vitest.config.ts`,
  prepare({ runnerFolder, args, options, only, folder }) {
    assertBeside(runnerFolder)
    const require = createRequire(join(runnerFolder, 'package.json'))
    const input: TrialInput = {
      vitest: pathToFileURL(require.resolve('vitest/node')).href,
      args,
      options,
      only: only && { file: only.file, testNamePattern: patternOf(only.path) },
      cacheFolder: folder,
    }
    return { args: [TRIAL], env: { FORKPOINT_TRIAL: JSON.stringify(input) } }
  },
}

/** What stands between the names of suites differs between Vitest 4 and 5. */
function patternOf(path: readonly string[]): string {
  return `^${path.map(escapePattern).join('(?: > | )')}$`
}

/** In a worker forkpoint imports Vitest by its name, and has to get the one that runs. */
function assertBeside(runnerFolder: string): void {
  const found = findOwnVitest()
  if (found === runnerFolder) return
  const instead = found === null ? 'none' : `the one in ${found}`
  throw new ForkpointError(
    'ERR_FORKPOINT_CONFIG',
    `Failed to try the suite: forkpoint is not installed beside the Vitest of the project (in ${runnerFolder}), and finds ${instead}. ` +
      'Install it there: npm install --save-dev forkpoint',
  )
}

function findOwnVitest(): string | null {
  try {
    return realpathSync(dirname(createRequire(import.meta.url).resolve('vitest/package.json')))
  } catch {
    return null
  }
}
