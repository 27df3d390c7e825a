/** A copy of a value with each text replaced in every string and key. */
export function replaceStrings<T>(value: T, replacements: readonly (readonly [string, string])[]): T
export function replaceStrings(
  value: unknown,
  replacements: readonly (readonly [string, string])[],
): unknown {
  if (typeof value === 'string')
    return replacements.reduce((text, [from, to]) => text.replaceAll(from, to), value)
  if (Array.isArray(value)) return value.map(item => replaceStrings(item, replacements))
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      replaceStrings(key, replacements),
      replaceStrings(inner, replacements),
    ]),
  )
}

/** Removes the times and sizes that Vitest and forkpoint print, so that two prints of one thing are equal. */
export function withoutTimes(text: string): string {
  return text
    .replaceAll(/\b\d+(\.\d+)? (MB|GB)\b/g, '<size>')
    .replaceAll(/\b\d+(\.\d+)? ?(ms|s)\b/g, '<time>')
    .replaceAll(/\b\d\d:\d\d:\d\d\b/g, '<clock>')
}
