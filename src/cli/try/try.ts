import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { layOut } from '../../report/lay-out.ts'
import { readReport, toRunRecord } from '../../report/read-report.ts'
import type { ReportFile } from '../../report/report-file.ts'
import { count } from '../../report/section.ts'
import { formatMs } from '../../report/statistics.ts'
import { createStyle, type Style } from '../../report/style.ts'
import { formatSummary } from '../../report/summary.ts'
import { type Command, EXIT, type ExitCode } from '../command.ts'
import type { FoundRunner } from '../find-runners.ts'
import type { TriedTest } from '../runner-kit.ts'
import { countStates } from '../trial/count-states.ts'
import { runTrial, type TrialRun } from '../trial/run-trial.ts'
import { TRIAL_FLAGS, type Trials, withTrials } from '../trial/with-trials.ts'
import { compareRuns, newErrors } from './compare-runs.ts'
import { describeOutcomes } from './describe-outcomes.ts'
import { findReasons } from './find-reasons.ts'
import { isUnexplained, judge } from './verdict.ts'

/** What is tried. */
const OPTIONS = { hoist: true } as const
const OPTIONS_AS_CODE = '{ hoist: true }'

export const tryOut: Command = {
  name: 'try',
  does: "runs the project's suite as it is and with forkpoint, and says whether that pays",
  more:
    'No file of the project is changed, whatever happens: `hoist` is on for the second run only. Where outcomes differ, tests are run again to\n' +
    'find out why. Ends with 0 when all outcomes are the same.',
  operands: [],
  flags: TRIAL_FLAGS,
  rest: 'RUNNER ARGUMENTS',
  run: (given, surroundings) => withTrials('try', given, surroundings, tryRunner),
}

async function tryRunner(trials: Trials): Promise<ExitCode> {
  const { runner, terminal, folder } = trials
  const { cwd, colors } = terminal
  const reportPath = join(folder, 'report.json')
  const run = (label: string, more: { options?: object; only?: TriedTest } = {}): Promise<TrialRun> =>
    runOnce(trials, label, more)
  const plain = await run('As it is')
  const forkpoint = await run('With forkpoint', { options: { ...OPTIONS, report: reportPath } })
  const report = existsSync(reportPath) ? readReport(reportPath) : null
  const times = { plainMs: plain.ms, forkpointMs: forkpoint.ms }
  if (report !== null && isUnexplained(times.plainMs, times.forkpointMs, report)) {
    times.plainMs = Math.min(times.plainMs, (await run('As it is, timed again')).ms)
    times.forkpointMs = Math.min(
      times.forkpointMs,
      (await run('With forkpoint, timed again', { options: OPTIONS })).ms,
    )
  }
  const differences = compareRuns(plain, forkpoint)
  const errors = newErrors(plain, forkpoint)
  const reasons = await findReasons(differences, report?.findings ?? [], {
    repeat: () => run('As it is, once more'),
    runAlone: test => run(`Alone: ${test.name}`, { only: test }),
  })
  terminal.showProgress('')
  const style = createStyle(colors)
  const { kit, version } = runner
  const files = new Set([...plain.tests.values()].map(({ file }) => file)).size
  const amount = `${count(plain.tests.size, 'test')} in ${count(files, 'file')}`
  const head = [
    { label: 'Runner', lines: [`${kit.name} ${version}${style.dim(`: ${amount}`)}`] },
    describeOutcomes(forkpoint, differences, errors, { reasons, style }),
    {
      label: 'Time',
      lines: [`${formatMs(times.plainMs)} as it is, ${formatMs(times.forkpointMs)} with forkpoint`],
    },
  ]
  const isSame = differences.length + errors.length === 0
  terminal.print(layOut(head, style))
  if (report !== null) terminal.print(formatSummary(toRunRecord(report), { colors, trace: false, root: cwd }))
  const lines = describeVerdict(runner, { ...times, report, isSame, style })
  terminal.print(layOut([{ label: 'Verdict', lines }], style))
  return isSame ? EXIT.ok : EXIT.no
}

async function runOnce(
  { runner, args, folder, signal, terminal }: Trials,
  label: string,
  { options, only }: { options?: object; only?: TriedTest },
): Promise<TrialRun> {
  terminal.showProgress(`${label}: starting`)
  let failed = 0
  const trial = {
    project: terminal.cwd,
    runnerFolder: runner.folder,
    args,
    options: options ?? null,
    only: only ?? null,
    folder,
  }
  const run = await runTrial(runner.kit, trial, {
    env: terminal.env,
    signal,
    onTest: ({ state }, count) => {
      if (state === 'failed') failed++
      terminal.showProgress(`${label}: ${count} tests${failed > 0 ? `, ${failed} failed` : ''}`)
    },
  })
  terminal.showProgress('')
  terminal.complain(`${label}: ${countStates(run)} in ${formatMs(run.ms)}`)
  return run
}

interface Outcome {
  plainMs: number
  forkpointMs: number
  report: ReportFile | null
  isSame: boolean
  style: Style
}

function describeVerdict(
  { kit }: FoundRunner,
  { plainMs, forkpointMs, report, isSame, style }: Outcome,
): string[] {
  if (report === null)
    return [
      style.yellow('Forkpoint took no part in the run: no project of the configuration has taken it up.'),
    ]
  const { pays, words } = judge(plainMs, forkpointMs, report)
  if (!isSame) return [style.yellow('Not yet: mend the tests that differ first.'), words]
  if (!pays) return [style.yellow(words)]
  return [style.bold(style.green(words)), `To have it in every run: ${kit.line(OPTIONS_AS_CODE)}`]
}
