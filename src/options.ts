import { auditFromEnvironment, engineFromEnvironment, traceFromEnvironment } from './options/environment.ts'
import type { ResolvedOptions } from './options/forkpoint-options.ts'
import { describeGiven, optionError, unknownName } from './options/option-error.ts'
import { SCHEMA } from './options/schema.ts'

export type { ForkpointOptions, ResolvedOptions, Rule, RuleNature } from './options/forkpoint-options.ts'

/**
 * Every option with its value: what the user gave, else the default; `FORKPOINT`, `FORKPOINT_AUDIT` and `FORKPOINT_TRACE` override.
 *
 * An option given as `undefined` counts as not given.
 *
 * @throws ForkpointError `ERR_FORKPOINT_OPTION` for an unknown option, a value of the wrong kind, or `preload` where nothing is
 * preloaded. Its `path` is the option at fault.
 */
export function resolveOptions(user: unknown, env: NodeJS.ProcessEnv): ResolvedOptions {
  const given = readGiven(user)
  const options: ResolvedOptions = {
    engine: SCHEMA.engine(given.get('engine')),
    scope: SCHEMA.scope(given.get('scope')),
    hoist: SCHEMA.hoist(given.get('hoist')),
    warmup: SCHEMA.warmup(given.get('warmup')),
    guard: SCHEMA.guard(given.get('guard')),
    rules: SCHEMA.rules(given.get('rules')),
    fs: SCHEMA.fs(given.get('fs')),
    keepOverlay: SCHEMA.keepOverlay(given.get('keepOverlay')),
    network: SCHEMA.network(given.get('network')),
    syscalls: SCHEMA.syscalls(given.get('syscalls')),
    files: SCHEMA.files(given.get('files')),
    preload: Object.freeze([...SCHEMA.preload(given.get('preload'))]),
    timeout: SCHEMA.timeout(given.get('timeout')),
    parallel: SCHEMA.parallel(given.get('parallel')),
    verify: SCHEMA.verify(given.get('verify')),
    audit: auditFromEnvironment(env) ?? SCHEMA.audit(given.get('audit')),
    report: SCHEMA.report(given.get('report')),
    trace: traceFromEnvironment(env),
  }
  if (options.preload.length > 0 && options.files !== 'fork')
    throw optionError(
      "`preload` has no effect without `files: 'fork'`; set that too, or remove it",
      'preload',
    )
  if (options.keepOverlay && options.fs !== 'overlay')
    throw optionError(
      "`keepOverlay` has no effect without `fs: 'overlay'`; set that too, or remove it",
      'keepOverlay',
    )
  const engine = engineFromEnvironment(env)
  // Turned off for a run, nothing is done in another way than without forkpoint.
  const files = engine === 'off' ? 'runner' : options.files
  return Object.freeze({ ...options, files, engine: engine ?? options.engine })
}

function readGiven(user: unknown): ReadonlyMap<string, unknown> {
  if (user === undefined) return new Map()
  if (typeof user !== 'object' || user === null || Array.isArray(user)) {
    throw optionError(`forkpoint was given ${describeGiven(user)}; it takes one object of options`)
  }
  const given = new Map<string, unknown>(Object.entries(user))
  for (const [name, value] of given) {
    if (!Object.hasOwn(SCHEMA, name)) throw unknownName(name, value, Object.keys(SCHEMA), '')
  }
  return given
}
