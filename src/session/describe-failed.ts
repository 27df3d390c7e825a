import type { Step } from './step.ts'

const FAILED: Readonly<Record<Step['kind'], string>> = {
  setup: 'its setup failed, and each test has to report that',
  hoisted: 'a hook failed when it was run once for the suite',
}

/** Why a suite goes the plain way when a step of this kind threw: a clause without a full stop. */
export function describeFailed(kind: Step['kind']): string {
  return FAILED[kind]
}
