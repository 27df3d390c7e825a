/** Text that was put into a source, by the place before which it stands, in order. */
export type Inserted = ReadonlyArray<readonly [at: number, length: number]>

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/**
 * The mappings of a source map that came with `code`, for the code with text inserted: what follows such text on its line has
 * moved to the right, and comes from where it came from. The text has no lines of its own.
 */
export function shiftMappings(mappings: string, code: string, inserted: Inserted): string {
  const byLine = groupByLine(code, inserted)
  return mappings
    .split(';')
    .map((line, number) => {
      const shifts = byLine.get(number)
      return shifts === undefined || line === '' ? line : shiftLine(line, shifts)
    })
    .join(';')
}

type Shift = readonly [column: number, length: number]

function groupByLine(code: string, inserted: Inserted): ReadonlyMap<number, Shift[]> {
  const byLine = new Map<number, Shift[]>()
  let line = 0
  let start = 0
  for (const [at, length] of inserted) {
    for (let end = code.indexOf('\n', start); end !== -1 && end < at; end = code.indexOf('\n', start)) {
      line++
      start = end + 1
    }
    const shifts = byLine.get(line) ?? []
    shifts.push([at - start, length])
    byLine.set(line, shifts)
  }
  return byLine
}

/** Of each segment only the first figure is about the code: its column, counted from that of the segment before. */
function shiftLine(line: string, shifts: readonly Shift[]): string {
  let column = 0
  let shifted = 0
  let passed = 0
  let added = 0
  return line
    .split(',')
    .map(segment => {
      const [delta, size] = readFigure(segment)
      column += delta
      for (let next = shifts[passed]; next !== undefined && next[0] <= column; next = shifts[++passed])
        added += next[1]
      const before = shifted
      shifted = column + added
      return writeFigure(shifted - before) + segment.slice(size)
    })
    .join(',')
}

/** In base 64, the lowest bits first, the sign in the very lowest; says how many digits there were. */
function readFigure(segment: string): [figure: number, size: number] {
  let value = 0
  for (let i = 0; ; i++) {
    const digit = DIGITS.indexOf(segment.charAt(i))
    value += (digit & 31) * 2 ** (5 * i)
    if (digit < 32) return [value % 2 === 1 ? -((value - 1) / 2) : value / 2, i + 1]
  }
}

function writeFigure(figure: number): string {
  let rest = figure < 0 ? -figure * 2 + 1 : figure * 2
  let digits = ''
  do {
    const more = rest >= 32 ? 32 : 0
    digits += DIGITS.charAt((rest & 31) | more)
    rest = Math.floor(rest / 32)
  } while (rest > 0)
  return digits
}
