import { START_FLAGS, tuningFlags } from 'forkpoint/adapter'

/** The flags of the fork engine after the project's own, which keep the last word where a flag only tunes. */
export function addStartFlags(own: readonly string[]): string[] {
  const given = new Set(own.map(flag => flag.split('=')[0]))
  const tuning = tuningFlags(process.versions.node).filter(flag => !given.has(flag.split('=')[0]))
  return [...own.filter(flag => !START_FLAGS.includes(flag)), ...START_FLAGS, ...tuning]
}
