/** Whether a version is in a range of the forms that package.json has here: `^4.1.0 || ^5.0.0`, `>=24.0.0`. */
export function satisfies(version: string, range: string): boolean {
  const given = numbersOf(version)
  return range.split('||').some(part => {
    const [, operator, least = ''] = /^\s*(\^|>=)(.*)$/.exec(part) ?? []
    const bound = numbersOf(least)
    return operator !== undefined && !isBefore(given, bound) && (operator === '>=' || given[0] === bound[0])
  })
}

function numbersOf(version: string): readonly number[] {
  // Of a version before the next one, `5.0.0-beta.1`, as of that one.
  return (version.trim().split('-')[0] ?? '').split('.').map(Number)
}

function isBefore(one: readonly number[], other: readonly number[]): boolean {
  const at = other.findIndex((part, i) => part !== one[i])
  return at >= 0 && (one[at] ?? 0) < (other[at] ?? 0)
}
