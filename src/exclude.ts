import { wrongValue } from './options/option-error.ts'
import { text } from './options/value-kind.ts'
import { sharedState } from './state.ts'

export interface ExcludeOptions {
  /** Why may a test see what others did to it? For the next reader. */
  why: string
}

/**
 * Leaves an object out of the checkpoints that are taken from now on, and what is reached through it alone: what tests do to
 * it stays. For a cache that is meant to fill, a log, a pool.
 *
 * Of a module, given as its namespace (`import * as cache from './cache'`) or as what `require` returned: its variables, those of
 * its functions, and the private fields of its classes. Variables that functions close over are never reached through an object: to
 * leave those out, give the module that declares them.
 *
 * With the fork engine it does nothing: all memory comes back.
 *
 * @throws {ForkpointError} `ERR_FORKPOINT_OPTION` for what is no object, and without `why`
 * @example
 * exclude(compiled, { why: 'templates never change, and take long to compile' })
 */
export function exclude(objectOrModule: object, options: ExcludeOptions): void {
  if (
    (typeof objectOrModule !== 'object' && typeof objectOrModule !== 'function') ||
    objectOrModule === null
  ) {
    throw wrongValue(
      'The argument of `exclude()`',
      'objectOrModule',
      objectOrModule,
      'an object, a function or a module',
    )
  }
  const why: unknown = (options as ExcludeOptions | null | undefined)?.why
  if (!text.accepts(why)) throw wrongValue('Option `why` of `exclude()`', 'why', why, text.expected)
  sharedState().excluded.add(objectOrModule)
}
