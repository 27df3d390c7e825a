import type { Finding } from '../finding.ts'

/** Findings that state the same fact about the same place become one; their counts add up. First seen, first listed. */
export function mergeFindings(findings: readonly Finding[]): Finding[] {
  const merged = new Map<string, Finding>()
  for (const finding of findings) {
    const { count: _, ...fact } = finding
    const key = JSON.stringify(Object.entries(fact).sort(([a], [b]) => (a < b ? -1 : 1)))
    const known = merged.get(key)
    if (known === undefined) merged.set(key, { ...finding })
    else known.count += finding.count
  }
  return [...merged.values()]
}
