import type { Finding } from '../finding.ts'
import type { Rule } from '../options/forkpoint-options.ts'
import type { FileRecord } from './run-record.ts'

/** Rules that have fitted no call of the whole run: what they are about may be gone. None where no test was watched. */
export function findUnusedRules(files: readonly FileRecord[], rules: readonly Rule[]): Finding[] {
  const watched = files.filter(({ rulesUsed }) => rulesUsed !== undefined)
  if (watched.length === 0) return []
  const used = new Set(watched.flatMap(({ rulesUsed = [] }) => rulesUsed))
  return rules.flatMap((rule, index): Finding[] => {
    if (used.has(index)) return []
    const detail = `The rule \`rules[${index}]\` (${rule.call}: ${rule.why}) fitted no call of this run. Remove it, or correct it.`
    return [{ kind: 'rule-unused', call: rule.call, detail, count: 1 }]
  })
}
