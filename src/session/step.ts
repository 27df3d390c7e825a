import { now } from '../intrinsics.ts'
import { ownProfile } from '../profile/profile.ts'
import { sharedState } from '../state.ts'

/** A function of the user's that undoes what a step did. */
export type Teardown = () => unknown

/** One function of a fixture: a setup or a hoisted hook. */
export interface Step {
  /** A setup runs before all `beforeEach` hooks; a hoisted hook keeps its place among them. */
  kind: 'setup' | 'hoisted'
  /** Runs the user's function once; a returned function is its teardown. */
  run(): unknown
  /** Makes the runner's own teardown out of what `run` returned: with its time-out, and its error's place. */
  toTeardown(returned: unknown): Teardown | undefined
}

export type StepResult = { ms: number; teardown: Teardown | undefined } | { ms: number; error: unknown }

/** Runs a step. Never throws: an error is kept, so that it can appear at the step's own place in the test. */
export async function runStep(step: Step): Promise<StepResult> {
  const start = now()
  const profile = ownProfile()
  const before = profile?.enter('setup')
  const endFixture = sharedState().guard?.beginFixture()
  try {
    const teardown = step.toTeardown(await step.run())
    return { ms: now() - start, teardown }
  } catch (error) {
    return { ms: now() - start, error }
  } finally {
    endFixture?.()
    profile?.enter(before ?? null, false)
  }
}
