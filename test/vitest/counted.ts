import type { SuiteRun } from '../support/suite-run.ts'

/** For the files of a suite: a file is seen by every process, so nothing is missed that happens in a branch. */
export const counter = {
  'count.ts': `
    import { appendFileSync } from 'node:fs'
    import { join } from 'node:path'
    export const count = (line: string) => appendFileSync(join(import.meta.dirname, 'counted.txt'), line + '\\n')
  `,
}

/** How often each line was counted in a run. */
export function countsOf(run: SuiteRun): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const line of (run.files['counted.txt'] ?? '').trim().split('\n'))
    counts[line] = (counts[line] ?? 0) + 1
  return counts
}
