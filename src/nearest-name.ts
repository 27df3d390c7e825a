/** The known name that a mistyped one most likely stands for, or null when none is near enough to be worth proposing. */
export function nearestName(given: string, known: readonly string[]): string | null {
  // Two letters in five may be wrong: "socpe" proposes "scope", "cache" proposes nothing.
  let bestDistance = Math.max(1, Math.floor(given.length * 0.4)) + 1
  let best: string | null = null
  for (const name of known) {
    const distance = editDistance(given.toLowerCase(), name.toLowerCase())
    if (distance < bestDistance) {
      bestDistance = distance
      best = name
    }
  }
  return best
}

/** The fewest letters to insert, delete, change, or swap with their neighbour. */
function editDistance(from: string, to: string): number {
  const table = [Array.from({ length: to.length + 1 }, (_, column) => column)]
  const at = (line: number, column: number) => table[line]?.[column] ?? 0
  for (let line = 1; line <= from.length; line++) {
    const row = [line]
    table.push(row)
    for (let column = 1; column <= to.length; column++) {
      const change = from[line - 1] === to[column - 1] ? 0 : 1
      const isSwap = from[line - 1] === to[column - 2] && from[line - 2] === to[column - 1]
      row.push(
        Math.min(
          at(line - 1, column - 1) + change,
          at(line - 1, column) + 1,
          at(line, column - 1) + 1,
          isSwap ? at(line - 2, column - 2) + 1 : Number.POSITIVE_INFINITY,
        ),
      )
    }
  }
  return at(from.length, to.length)
}
