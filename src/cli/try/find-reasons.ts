import type { Finding } from '../../finding.ts'
import type { TriedTest } from '../runner-kit.ts'
import type { TrialRun } from '../trial/run-trial.ts'
import type { Difference } from './compare-runs.ts'

/** Each of them is one more run of the suite's runner. */
const MOST_ALONE = 5

export interface Trials {
  /** The whole suite once more, without forkpoint. */
  repeat(): Promise<TrialRun>
  /** One test by itself, without forkpoint. */
  runAlone(test: TriedTest): Promise<TrialRun>
}

/** The likely reason why each test differs: a clause without a full stop. Found by running tests again without forkpoint. */
export async function findReasons(
  differences: readonly Difference[],
  findings: readonly Finding[],
  { repeat, runAlone }: Trials,
): Promise<ReadonlyMap<Difference, string>> {
  const reasons = new Map<Difference, string>()
  if (differences.length === 0) return reasons
  const again = await repeat()
  for (const difference of differences) {
    if (again.tests.get(difference.key)?.state === difference.plain?.state) continue
    reasons.set(difference, 'it is not stable: without forkpoint, too, two runs gave two outcomes')
  }
  const left = differences.filter(difference => !reasons.has(difference))
  for (const difference of left.slice(0, MOST_ALONE)) {
    const alone = [...(await runAlone(difference.test)).tests.values()].filter(isSame(difference.test))
    reasons.set(difference, reasonOf(difference, alone[0] ?? null) ?? foundReason(difference, findings))
  }
  for (const difference of left.slice(MOST_ALONE)) reasons.set(difference, foundReason(difference, findings))
  return reasons
}

function isSame({ file, name }: TriedTest): (other: TriedTest) => boolean {
  return other => other.file === file && other.name === name && other.state !== 'skipped'
}

function reasonOf({ plain, forkpoint }: Difference, alone: TriedTest | null): string | null {
  if (alone === null || alone.state !== forkpoint?.state || alone.state === plain?.state) return null
  return alone.state === 'failed'
    ? 'it needs what earlier tests leave behind: run alone, it fails without forkpoint too'
    : 'what earlier tests leave behind fails it: run alone, it passes without forkpoint too'
}

/** What the run with forkpoint itself has found about the test, or about its file. */
function foundReason({ test }: Difference, findings: readonly Finding[]): string {
  const ofFile = findings.filter(({ file }) => file?.endsWith(test.file))
  const found =
    ofFile.find(finding => finding.test !== undefined && test.name.endsWith(finding.test)) ?? ofFile[0]
  return found === undefined
    ? 'no reason was found: please report it, with the test'
    : `see the finding of its file: ${found.detail.replace(/\.$/, '')}`
}
