import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseJson } from '../../intrinsics.ts'
import type { SavedProfile } from '../../profile/saved-profile.ts'

/** What the processes of a run have written, as one. */
export function readProfiles(folder: string): SavedProfile {
  const names = existsSync(folder) ? readdirSync(folder) : []
  const all = names.map(name => parseJson(readFileSync(join(folder, name), 'utf8')) as SavedProfile)
  return {
    allocated: {
      setup: addUp(all.map(({ allocated }) => allocated.setup)),
      test: addUp(all.map(({ allocated }) => allocated.test)),
    },
    runs: addUp(
      all.map(({ runs }) => runs),
      { setup: 0, test: 0 },
    ),
    checkpoints: all.flatMap(({ checkpoints }) => checkpoints),
  }
}

function addUp<Counts extends Record<string, number>>(
  all: readonly Counts[],
  zero: Counts = {} as Counts,
): Counts {
  const total: Record<string, number> = { ...zero }
  for (const counts of all)
    for (const [name, amount] of Object.entries(counts)) total[name] = (total[name] ?? 0) + amount
  return total as Counts
}
