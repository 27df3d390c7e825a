import type { ResolvedOptions } from './forkpoint-options.ts'
import { wrongValue } from './option-error.ts'
import { oneOf, type ValueKind } from './value-kind.ts'

/** What `FORKPOINT` says, or null when it is unset or empty. */
export function engineFromEnvironment(env: NodeJS.ProcessEnv): ResolvedOptions['engine'] | null {
  return readVariable(env, 'FORKPOINT', oneOf('off', 'fork', 'heap', 'auto'))
}

/** Whether `FORKPOINT_TRACE` asks for the stack of every finding. */
export function traceFromEnvironment(env: NodeJS.ProcessEnv): boolean {
  return readVariable(env, 'FORKPOINT_TRACE', oneOf('1', '0')) === '1'
}

/** What `FORKPOINT_AUDIT` says, or null when it is unset or empty. */
export function auditFromEnvironment(env: NodeJS.ProcessEnv): boolean | null {
  const given = readVariable(env, 'FORKPOINT_AUDIT', oneOf('1', '0'))
  return given === null ? null : given === '1'
}

function readVariable<T extends string>(env: NodeJS.ProcessEnv, name: string, kind: ValueKind<T>): T | null {
  const given = env[name]
  if (given === undefined || given === '') return null
  if (!kind.accepts(given)) throw wrongValue(`Environment variable ${name}`, name, given, kind.expected)
  return given
}
