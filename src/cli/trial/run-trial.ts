import { mkdtempSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ForkpointError } from '../../errors.ts'
import { now } from '../../intrinsics.ts'
import type { RunnerKit, Trial, TrialMessage, TriedTest } from '../runner-kit.ts'
import { firstLine } from './first-line.ts'
import { runProgram } from './run-program.ts'

/** What one run of a suite has told. */
export interface TrialRun {
  /** By file, name, and how many of that name came before: names need not differ. */
  tests: ReadonlyMap<string, TriedTest>
  errors: ReadonlyArray<{ file: string; message: string }>
  ms: number
}

/** Lines of the runner's own output that are shown when it ends without having run anything. */
const LAST_LINES = 20

export interface Watching {
  env: NodeJS.ProcessEnv
  /** Ends the run. */
  signal: AbortSignal
  onTest(test: TriedTest, count: number): void
}

/**
 * Runs a suite to its end.
 *
 * @throws ForkpointError `ERR_FORKPOINT_CONFIG` when the runner could not run it, with what it said; the reason of the signal
 * when that is aborted
 */
export async function runTrial(
  kit: RunnerKit,
  trial: Trial,
  { env, signal, onTest }: Watching,
): Promise<TrialRun> {
  const folder = mkdtempSync(join(trial.folder, 'run-'))
  const { args, env: more } = kit.prepare({ ...trial, folder })
  const tests = new Map<string, TriedTest>()
  const errors: Array<{ file: string; message: string }> = []
  let hasEnded = false
  const note = (message: TrialMessage): void => {
    if (message.type === 'end') hasEnded = true
    else if (message.type === 'error')
      errors.push({ file: message.file, message: firstLine(message.message) })
    else {
      const test = { ...message.test, message: firstLine(message.test.message) }
      tests.set(newKey(test, tests), test)
      onTest(test, tests.size)
    }
  }
  const log = join(folder, 'output')
  const begin = now()
  // What the environment says of forkpoint is not what is tried.
  const { FORKPOINT: _, ...rest } = env
  const how = await runProgram(args, {
    cwd: trial.project,
    env: {
      ...rest,
      ...(trial.options === null && { FORKPOINT: 'off' }),
      FORKPOINT_CACHE: process.env.FORKPOINT_CACHE,
      ...more,
    },
    log,
    signal,
    note: note as (message: unknown) => void,
  })
  signal.throwIfAborted()
  if (!hasEnded) throw hasNotRun(kit, how, readFileSync(log, 'utf8'))
  return { tests, errors, ms: now() - begin }
}

function newKey({ file, name }: TriedTest, known: ReadonlyMap<string, TriedTest>): string {
  for (let i = 0; ; i++) {
    const key = JSON.stringify([file, name, i])
    if (!known.has(key)) return key
  }
}

function hasNotRun(kit: RunnerKit, how: string | number | null, output: string): ForkpointError {
  const last = output.trim().split('\n').slice(-LAST_LINES).join('\n')
  const said = last === '' ? 'It said nothing.' : `Its last words:\n${last}\n`
  return new ForkpointError(
    'ERR_FORKPOINT_CONFIG',
    `Failed to try the suite: ${kit.name} did not run it, it ended with ${how}. ${said}`,
  )
}
