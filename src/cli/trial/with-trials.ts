import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { recoverJournals } from '../../host/journal/recover.ts'
import { EXIT, type ExitCode, type Flag, type Given, type Surroundings } from '../command.ts'
import type { FoundRunner } from '../find-runners.ts'
import type { Terminal } from '../terminal.ts'
import { chooseRunner } from './choose-runner.ts'
import { onInterrupt } from './on-interrupt.ts'

/** Of every command that runs a project's own suite. */
export const TRIAL_FLAGS: Readonly<Record<string, Flag>> = {
  runner: { value: 'NAME', does: 'the test runner, where a project has several' },
}

/** What its runs have in common. */
export interface Trials {
  runner: FoundRunner
  /** Arguments for the runner. */
  args: readonly string[]
  /** For what the runs need. */
  folder: string
  /** Aborted when somebody wants this process to end. */
  signal: AbortSignal
  terminal: Terminal
}

/** Calls `body`, and leaves the project as it was, whatever happens: caches and journals are elsewhere, and removed with all else. */
export async function withTrials(
  command: string,
  { flags, rest }: Given,
  { terminal, runners }: Surroundings,
  body: (trials: Trials) => Promise<ExitCode>,
): Promise<ExitCode> {
  const runner = chooseRunner(terminal.cwd, runners, { command, wanted: flags.get('runner') ?? null })
  const folder = realpathSync(mkdtempSync(join(tmpdir(), `forkpoint-${command}-`)))
  const { signal, forget } = onInterrupt()
  // The folder of a cache is in the project otherwise.
  process.env.FORKPOINT_CACHE = join(folder, 'cache')
  try {
    return await body({ runner, args: rest, folder, signal, terminal })
  } catch (error) {
    if (!signal.aborted) throw error
    terminal.complain('Interrupted. The project is as it was.')
    return EXIT.failed
  } finally {
    forget()
    terminal.showProgress('')
    recoverJournals(terminal.cwd)
    rmSync(folder, { recursive: true, force: true })
  }
}
