/** `Map.groupBy`, which Node 20 lacks: groups in the order of their first member, never empty. */
export function groupBy<T>(values: readonly T[], keyOf: (value: T) => string): Array<[T, ...T[]]> {
  const groups = new Map<string, [T, ...T[]]>()
  for (const value of values) {
    const key = keyOf(value)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [value])
    else group.push(value)
  }
  return [...groups.values()]
}
