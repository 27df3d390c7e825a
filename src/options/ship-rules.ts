import { ForkpointError } from '../errors.ts'
import type { Rule } from './forkpoint-options.ts'

/** A rule as it goes to a worker process, with its functions as text. */
export type ShippedRule = Omit<Rule, 'when' | 'undo'> & { when?: string; undo?: string }

export function packRules(rules: readonly Rule[]): ShippedRule[] {
  return rules.map(({ when, undo, ...rest }) => ({
    ...rest,
    ...(when === undefined ? {} : { when: String(when) }),
    ...(undo === undefined ? {} : { undo: String(undo) }),
  }))
}

export function unpackRules(rules: readonly ShippedRule[]): Rule[] {
  return rules.map(({ when, undo, ...rest }, index) => ({
    ...rest,
    ...(when === undefined
      ? {}
      : { when: revive(when, `rules[${index}].when`) as NonNullable<Rule['when']> }),
    ...(undo === undefined
      ? {}
      : { undo: revive(undo, `rules[${index}].undo`) as NonNullable<Rule['undo']> }),
  }))
}

type AnyFunction = (...args: unknown[]) => unknown

/** A function whose text says all: what it refers to outside of itself is not there. */
function revive(source: string, path: string): AnyFunction {
  const fn = compile(source) ?? compile(`function ${source.replace(/^async\s+/, '')}`)
  if (fn === null) throw notRevived(path, 'its text is no function by itself')
  return (...args) => {
    try {
      return fn(...args)
    } catch (error) {
      if (error instanceof ReferenceError) throw notRevived(path, error.message)
      throw error
    }
  }
}

function compile(source: string): AnyFunction | null {
  try {
    const made: unknown = new Function(`return (${source})`)()
    return typeof made === 'function' ? (made as AnyFunction) : null
  } catch {
    return null
  }
}

function notRevived(path: string, why: string): ForkpointError {
  return new ForkpointError(
    'ERR_FORKPOINT_OPTION',
    `Failed to use \`${path}\`: it is sent to the workers as text, and there ${why}. Write all that it needs into the ` +
      'function, or wrap the call in `hostCall` instead',
    { path },
  )
}
