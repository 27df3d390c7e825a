/** One kind of value an option can have: how to recognise it, and the words for it in an error. */
export interface ValueKind<T> {
  expected: string
  accepts(given: unknown): given is T
}

export function oneOf<const T extends string | boolean>(...values: T[]): ValueKind<T> {
  return {
    expected: joinWithOr(values.map(value => (typeof value === 'string' ? `'${value}'` : `${value}`))),
    accepts: (given): given is T => values.some(value => value === given),
  }
}

export function either<A, B>(first: ValueKind<A>, second: ValueKind<B>): ValueKind<A | B> {
  return {
    expected: `${first.expected} or ${second.expected}`,
    accepts: (given): given is A | B => first.accepts(given) || second.accepts(given),
  }
}

export function integerFrom(least: number): ValueKind<number> {
  return {
    expected: `an integer of at least ${least}`,
    accepts: (given): given is number => Number.isSafeInteger(given) && Number(given) >= least,
  }
}

export const milliseconds: ValueKind<number> = {
  expected: 'a number of milliseconds, 0 or more',
  accepts: (given): given is number => Number.isFinite(given) && Number(given) >= 0,
}

export const text: ValueKind<string> = {
  expected: 'a non-empty string',
  accepts: (given): given is string => typeof given === 'string' && given.trim() !== '',
}

export const texts: ValueKind<readonly string[]> = {
  expected: 'an array of non-empty strings',
  accepts: (given): given is readonly string[] => Array.isArray(given) && given.every(text.accepts),
}

function joinWithOr(words: readonly string[]): string {
  const [last, ...others] = words.toReversed()
  return others.length === 0 ? `${last}` : `${others.toReversed().join(', ')} or ${last}`
}
