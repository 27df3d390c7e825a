import type { ResolvedOptions } from './forkpoint-options.ts'
import { describeGiven, optionError } from './option-error.ts'

interface MissingFeature {
  option: keyof ResolvedOptions
  isAsked(options: ResolvedOptions): boolean
  /** Completes "remove it, or use …". */
  instead: string
}

/** Values that the contract has and this version does not. Whoever builds one deletes its row. */
const NOT_YET: readonly MissingFeature[] = [
  { option: 'files', isAsked: ({ files }) => files === 'fork', instead: "`files: 'runner'`" },
  { option: 'preload', isAsked: ({ preload }) => preload.length > 0, instead: '`preload: []`' },
]

/** Refuses options whose feature does not exist yet, rather than accept them without effect. */
export function refuseNotYet(options: ResolvedOptions): void {
  for (const { option, isAsked, instead } of NOT_YET) {
    if (!isAsked(options)) continue
    throw optionError(
      `\`${option}: ${describeGiven(options[option])}\` is not available in this version of forkpoint; ` +
        `remove it, or use ${instead}`,
      option,
    )
  }
}
