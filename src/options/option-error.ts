import { inspect } from 'node:util'
import { ForkpointError } from '../errors.ts'
import { nearestName } from '../nearest-name.ts'

/** A value of the wrong kind. `subject` begins the sentence, as in "Option `warmup`". */
export function wrongValue(subject: string, path: string, given: unknown, expected: string): ForkpointError {
  const fault = given === undefined ? 'is missing' : `was given ${describeGiven(given)}`
  return optionError(`${subject} ${fault}; it must be ${expected}`, path)
}

/** A name that does not exist. `prefix` leads to the object it stands in: empty, or as in `rules[0].`. */
export function unknownName(
  name: string,
  given: unknown,
  known: readonly string[],
  prefix: string,
): ForkpointError {
  const nearest = nearestName(name, known)
  const advice = nearest
    ? `did you mean \`${prefix}${nearest}\`?`
    : `the valid names are ${known.map(each => `\`${each}\``).join(', ')}`
  return optionError(
    `Unknown option \`${prefix}${name}\` (given ${describeGiven(given)}): ${advice}`,
    prefix + name,
  )
}

export function optionError(message: string, path?: string): ForkpointError {
  return new ForkpointError('ERR_FORKPOINT_OPTION', message, path === undefined ? {} : { path })
}

/** The value as its author would write it, in one short line. */
export function describeGiven(given: unknown): string {
  return inspect(given, {
    depth: 1,
    breakLength: Number.POSITIVE_INFINITY,
    maxStringLength: 60,
    maxArrayLength: 3,
  })
}
