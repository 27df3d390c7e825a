import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { layOut } from '../../report/lay-out.ts'
import { createStyle } from '../../report/style.ts'
import { type Command, EXIT } from '../command.ts'
import { chooseRunner } from '../try/choose-runner.ts'
import { countStates } from '../try/describe-outcomes.ts'
import { onInterrupt } from '../try/on-interrupt.ts'
import { runTrial } from '../try/run-trial.ts'
import { describeProfile } from './describe-profile.ts'
import { readProfiles } from './read-profiles.ts'

/** The heap engine, because it knows what a state is made of; the first test of a suite plain, as in every run. */
const OPTIONS = { engine: 'heap', hoist: true, warmup: 1 } as const

export const profile: Command = {
  name: 'profile',
  does: 'prints what setups and tests allocate, and what checkpoints are made of',
  more:
    "Runs the project's suite once with the heap engine and `hoist`, without changing a file. Allocations are those of V8's sampling profiler, what is\n" +
    'collected again included; they are counted for the innermost function of the project, or of a package that it calls.',
  operands: [],
  flags: { runner: { value: 'NAME', does: 'the test runner, where a project has several' } },
  rest: 'RUNNER ARGUMENTS',
  async run({ flags, rest }, { terminal, runners }) {
    const { cwd, env, colors } = terminal
    const { kit, version, folder: runnerFolder } = chooseRunner(cwd, runners, flags.get('runner') ?? null)
    const folder = realpathSync(mkdtempSync(join(tmpdir(), 'forkpoint-profile-')))
    const profiles = join(folder, 'profiles')
    const { signal, forget } = onInterrupt()
    process.env.FORKPOINT_CACHE = join(folder, 'cache')
    try {
      const trial = { project: cwd, runnerFolder, args: rest, options: OPTIONS, only: null, folder }
      const run = await runTrial(kit, trial, {
        env: { ...env, FORKPOINT_PROFILE: profiles },
        signal,
        onTest: (_, count) => terminal.showProgress(`${count} tests`),
      })
      terminal.showProgress('')
      const style = createStyle(colors)
      const head = { label: 'Runner', lines: [`${kit.name} ${version}${style.dim(`: ${countStates(run)}`)}`] }
      terminal.print(layOut([head, ...describeProfile(readProfiles(profiles), { root: cwd, style })], style))
      return EXIT.ok
    } catch (error) {
      if (!signal.aborted) throw error
      terminal.complain('Interrupted. The project is as it was.')
      return EXIT.failed
    } finally {
      forget()
      terminal.showProgress('')
      rmSync(folder, { recursive: true, force: true })
    }
  },
}
