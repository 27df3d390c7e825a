import type { ForkpointOptions, ResolvedOptions } from './forkpoint-options.ts'
import { wrongValue } from './option-error.ts'
import { readRules } from './read-rules.ts'
import { either, integerFrom, milliseconds, oneOf, text, texts, type ValueKind } from './value-kind.ts'

/** The value of an option, from what the user gave; `undefined` stands for the default. */
type ReadOption<T> = (given: unknown) => T

/** Every option, its default and its valid values. The only place that knows them. */
export const SCHEMA: { readonly [Name in keyof ForkpointOptions]-?: ReadOption<ResolvedOptions[Name]> } = {
  engine: option('engine', 'auto', oneOf('auto', 'fork', 'heap', 'off')),
  scope: option('scope', 'setup', oneOf('setup', 'all')),
  hoist: option('hoist', false, oneOf(false, true)),
  warmup: option('warmup', 'auto', either(oneOf('auto'), integerFrom(0))),
  guard: option('guard', 'warn', oneOf('warn', 'off', 'strict')),
  rules: (given = []) => readRules(given),
  fs: option('fs', 'real', oneOf('real', 'journal', 'memory', 'overlay')),
  keepOverlay: option('keepOverlay', false, oneOf(false, true)),
  network: option('network', 'real', oneOf('real', 'loopback')),
  syscalls: option('syscalls', false, oneOf(false, true)),
  files: option('files', 'runner', oneOf('runner', 'fork')),
  preload: option('preload', [], texts),
  timeout: option('timeout', 1000, milliseconds),
  parallel: option('parallel', 1, integerFrom(1)),
  verify: option('verify', 0, integerFrom(0)),
  audit: option('audit', false, oneOf(false, true)),
  report: option('report', null, text),
}

function option<T, const Default>(
  name: string,
  byDefault: Default,
  kind: ValueKind<T>,
): ReadOption<T | Default> {
  return given => {
    if (given === undefined) return byDefault
    if (!kind.accepts(given)) throw wrongValue(`Option \`${name}\``, name, given, kind.expected)
    return given
  }
}
