import type { CarriedPart } from './carried.ts'

/** Istanbul's counters of one file: `b` has a list for each branch. */
interface FileCoverage {
  s: Record<string, number>
  f: Record<string, number>
  b: Record<string, number[]>
}

interface Holder {
  __coverage__?: Record<string, FileCoverage>
}

/** What a branch has counted of one file. */
interface FileGrowth {
  file: string
  /** By how much each counter has grown. */
  grown: number[]
  /** All that belongs to a file that was loaded in the branch. */
  whole: FileCoverage | null
}

/** All counters, in an order that is the same wherever the file is loaded. */
function countersOf({ s, f, b }: FileCoverage): number[] {
  return [...Object.values(s), ...Object.values(f), ...Object.values(b).flat()]
}

/** In place: the code that counts holds on to the lists. */
function grow({ s, f, b }: FileCoverage, grown: readonly number[]): void {
  let next = 0
  for (const counters of [s, f, ...Object.values(b)] as Array<Record<string, number>>) {
    for (const key of Object.keys(counters)) counters[key] = (counters[key] ?? 0) + (grown[next++] ?? 0)
  }
}

/** Coverage by the provider `babel`: counters in a global variable of the context, which code refers to. */
export function istanbulPart(global: object): CarriedPart<FileGrowth[]> {
  const holder = global as Holder
  return {
    watch: () => {
      const before = new Map(
        Object.entries(holder.__coverage__ ?? {}).map(([file, of]) => [file, countersOf(of)]),
      )
      return () =>
        Object.entries(holder.__coverage__ ?? {}).flatMap(([file, of]) => {
          const known = before.get(file)
          const grown = countersOf(of).map((count, place) => count - (known?.[place] ?? 0))
          if (known !== undefined && grown.every(count => count === 0)) return []
          // Without what else there is on it: functions, maps of the source.
          const whole = known === undefined ? (JSON.parse(JSON.stringify(of)) as FileCoverage) : null
          return [{ file, grown, whole }]
        })
    },
    apply: growths => {
      for (const { file, grown, whole } of growths) {
        holder.__coverage__ ??= {}
        const own = holder.__coverage__[file]
        if (own !== undefined) grow(own, grown)
        else if (whole !== null) holder.__coverage__[file] = whole
      }
    },
  }
}
