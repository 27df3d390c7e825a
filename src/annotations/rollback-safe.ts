import { checkWhy } from './check-why.ts'
import { findDeclared, runDeclared } from './declared.ts'

/**
 * Declares the host calls safe that are made inside `fn`, awaits included: they are not reported, and don't fail a test.
 *
 * @param options.why shown to the next reader; never optional
 * @returns what `fn` returns
 * @throws {ForkpointError} `ERR_FORKPOINT_OPTION` without `why`
 * @example
 * const log = rollbackSafe(() => execSync('git log'), { why: 'only reads' })
 */
export function rollbackSafe<Result>(fn: () => Result, options: { why: string }): Result {
  checkWhy('rollbackSafe', options)
  return runDeclared({ undos: 0, outer: findDeclared() }, fn)
}
