import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { environment } from './run-suite.ts'
import { repositoryRoot } from './targets.ts'

/** What `npx forkpoint` runs. */
export const commandLine: string = join(repositoryRoot, 'dist', 'cli.mjs')

export interface CommandRun {
  readonly exitCode: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs the built command line as a user would, in a folder. */
export function runForkpoint(
  args: readonly string[],
  options: {
    readonly cwd?: string
    readonly env?: Readonly<Record<string, string>>
    readonly node?: string
    readonly program?: string
  } = {},
): CommandRun {
  const { cwd = repositoryRoot, env = {}, node = process.execPath, program = commandLine } = options
  const { status, stdout, stderr } = spawnSync(node, [program, ...args], {
    cwd,
    env: environment(env),
    encoding: 'utf8',
  })
  return { exitCode: status, stdout, stderr }
}
