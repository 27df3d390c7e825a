import type { Misplaced } from '../../annotations/annotate.ts'
import type { Finding } from '../../finding.ts'

/** A tag that says nothing of any function is told of like a rule that has fitted no call. */
export function describeMisplaced({ site, problem }: Misplaced): Finding {
  const detail = `The tag \`@rollback\` at ${site} annotates no function: ${problem}. Correct it, or remove it.`
  return { kind: 'rule-unused', call: '@rollback', detail, site, count: 1 }
}
