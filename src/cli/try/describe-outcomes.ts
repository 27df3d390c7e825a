import { count, type Section } from '../../report/section.ts'
import type { Style } from '../../report/style.ts'
import type { TriedTest } from '../runner-kit.ts'
import { countStates } from '../trial/count-states.ts'
import type { TrialRun } from '../trial/run-trial.ts'
import type { Difference } from './compare-runs.ts'

/** Whether both runs had the same outcomes; each test that differs, with the likely reason. */
export function describeOutcomes(
  forkpoint: TrialRun,
  differences: readonly Difference[],
  errors: TrialRun['errors'],
  { reasons, style }: { reasons: ReadonlyMap<Difference, string>; style: Style },
): Section {
  const { bold, green, yellow, dim } = style
  const lines = differences.flatMap(difference => [
    `${placeOf(difference.test)}: ${wordsOf(difference.plain)}, with forkpoint ${wordsOf(difference.forkpoint)}`,
    ...messageOf(difference).map(dim),
    `  Likely because ${reasons.get(difference) ?? 'of no reason that was found'}.`,
  ])
  const outside = errors.map(
    ({ file, message }) =>
      `An error with forkpoint only, outside of tests: ${file ? `${file}: ` : ''}${message}`,
  )
  const amount = differences.length + errors.length
  const head =
    amount === 0
      ? `${bold(green('the same'))}${dim(` with forkpoint: ${countStates(forkpoint)}`)}`
      : bold(
          yellow(
            `${differences.length} of ${count(forkpoint.tests.size, 'test')} ${differences.length === 1 ? 'differs' : 'differ'}`,
          ),
        )
  return { label: 'Outcomes', lines: [head, ...lines, ...outside] }
}

function placeOf({ file, path }: TriedTest): string {
  return [file, ...path].join(' > ')
}

function wordsOf(test: TriedTest | null): string {
  return test?.state ?? 'not run'
}

function messageOf({ plain, forkpoint }: Difference): string[] {
  const message = forkpoint?.message || plain?.message || ''
  return message === '' ? [] : [`  ${message}`]
}
