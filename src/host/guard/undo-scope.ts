import type { ResolvedOptions } from '../../options.ts'
import type { UndoScope } from './disk-guard.ts'

/** Which changes of the disk are undone from the journal, by the option `fs`. */
const SCOPES: Readonly<Record<ResolvedOptions['fs'], UndoScope>> = {
  real: 'fixture',
  journal: 'all',
  memory: 'fixture',
  // Of what goes past the overlay: tests that run the plain way, folders that it does not cover.
  overlay: 'all',
}

export function undoScopeOf(fs: ResolvedOptions['fs']): UndoScope {
  return SCOPES[fs]
}
