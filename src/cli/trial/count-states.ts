import type { TrialRun } from './run-trial.ts'

/** `12 passed, 1 failed` */
export function countStates({ tests }: TrialRun): string {
  const states = [...tests.values()].map(({ state }) => state)
  const parts = (['passed', 'failed', 'skipped'] as const).flatMap(state => {
    const amount = states.filter(each => each === state).length
    return amount === 0 ? [] : [`${amount} ${state}`]
  })
  return parts.length === 0 ? 'no test' : parts.join(', ')
}
