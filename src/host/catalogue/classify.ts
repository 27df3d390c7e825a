import type { CatalogueRow } from './nature.ts'
import { ROWS_OF_FILES } from './rows-of-files.ts'
import { ROWS_OF_NETWORK } from './rows-of-network.ts'
import { ROWS_OF_PROCESSES } from './rows-of-processes.ts'
import { ROWS_OF_RUNTIME } from './rows-of-runtime.ts'
import { ROWS_OF_SYSTEM_CALLS } from './rows-of-system-calls.ts'

/** All rows of the catalogue; of several that fit a call, the first one counts. */
export const CATALOGUE: readonly CatalogueRow[] = [
  ...ROWS_OF_FILES,
  ...ROWS_OF_NETWORK,
  ...ROWS_OF_PROCESSES,
  ...ROWS_OF_RUNTIME,
]

/** The row for a call, by its whole name without `node:`; null for one that the catalogue does not know. */
export function classify(call: string): CatalogueRow | null {
  const rows = call.startsWith('syscall:') ? ROWS_OF_SYSTEM_CALLS : CATALOGUE
  return rows.find(({ calls }) => calls.test(call)) ?? null
}
