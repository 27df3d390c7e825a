import { join } from 'node:path'
import { layOut } from '../../report/lay-out.ts'
import { createStyle } from '../../report/style.ts'
import { type Command, EXIT, type ExitCode } from '../command.ts'
import { countStates } from '../trial/count-states.ts'
import { runTrial } from '../trial/run-trial.ts'
import { TRIAL_FLAGS, type Trials, withTrials } from '../trial/with-trials.ts'
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
  flags: TRIAL_FLAGS,
  rest: 'RUNNER ARGUMENTS',
  run: (given, surroundings) => withTrials('profile', given, surroundings, profileRunner),
}

async function profileRunner({ runner, args, folder, signal, terminal }: Trials): Promise<ExitCode> {
  const { cwd, env, colors } = terminal
  const { kit, version, folder: runnerFolder } = runner
  const profiles = join(folder, 'profiles')
  const trial = { project: cwd, runnerFolder, args, options: OPTIONS, only: null, folder }
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
}
