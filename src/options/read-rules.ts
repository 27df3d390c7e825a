import type { Rule } from './forkpoint-options.ts'
import { unknownName, wrongValue } from './option-error.ts'
import { oneOf, text, type ValueKind } from './value-kind.ts'

const callback: ValueKind<unknown> = {
  expected: 'a function',
  accepts: (given): given is unknown => typeof given === 'function',
}

const FIELDS: { readonly [Name in keyof Rule]-?: { kind: ValueKind<unknown>; required: boolean } } = {
  call: { kind: text, required: true },
  from: { kind: text, required: false },
  path: { kind: text, required: false },
  when: { kind: callback, required: false },
  nature: { kind: oneOf('safe', 'virtualised', 'compensable', 'unsafe'), required: true },
  undo: { kind: callback, required: false },
  why: { kind: text, required: true },
}

/**
 * The rules, each a frozen copy.
 *
 * @throws ForkpointError `ERR_FORKPOINT_OPTION` whose `path` is the field at fault, as in `rules[1].why`.
 */
export function readRules(given: unknown): readonly Rule[] {
  if (!Array.isArray(given)) throw wrongValue('Option `rules`', 'rules', given, 'an array of rules')
  return Object.freeze(given.map((rule: unknown, index) => readRule(rule, `rules[${index}]`)))
}

function readRule(given: unknown, path: string): Rule {
  if (!isRule(given, path)) throw wrongValue(`Option \`${path}\``, path, given, 'an object')
  return Object.freeze({ ...given })
}

function isRule(given: unknown, path: string): given is Rule {
  if (typeof given !== 'object' || given === null) return false
  const values = new Map<string, unknown>(Object.entries(given))
  for (const [name, value] of values) {
    if (!Object.hasOwn(FIELDS, name)) throw unknownName(name, value, Object.keys(FIELDS), `${path}.`)
  }
  for (const [name, { kind, required }] of Object.entries(FIELDS)) {
    const value = values.get(name)
    if (value === undefined && !required) continue
    if (!kind.accepts(value))
      throw wrongValue(`Option \`${path}.${name}\``, `${path}.${name}`, value, kind.expected)
  }
  return true
}
