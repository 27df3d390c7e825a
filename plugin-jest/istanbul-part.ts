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

/** Counters only grow: a file whose sum is the same has not been run. */
function sumOf({ s, f, b }: FileCoverage): number {
  let sum = 0
  for (const counter of [...Object.values(s), ...Object.values(f), ...Object.values(b).flat()]) sum += counter
  return sum
}

/** Coverage by the provider `babel`: counters in a global variable of the context, which code refers to. */
export function istanbulPart(global: object): CarriedPart<Record<string, FileCoverage>> {
  const holder = global as Holder
  return {
    watch: () => {
      const before = new Map(Object.entries(holder.__coverage__ ?? {}).map(([file, of]) => [file, sumOf(of)]))
      return () => {
        const changed = Object.entries(holder.__coverage__ ?? {}).filter(
          ([file, of]) => before.get(file) !== sumOf(of),
        )
        // Without what else there is on it: functions, maps of the source.
        return JSON.parse(JSON.stringify(Object.fromEntries(changed))) as Record<string, FileCoverage>
      }
    },
    apply: changed => {
      for (const [file, counters] of Object.entries(changed)) {
        holder.__coverage__ ??= {}
        const own = holder.__coverage__[file]
        if (own === undefined) {
          holder.__coverage__[file] = counters
          continue
        }
        Object.assign(own.s, counters.s)
        Object.assign(own.f, counters.f)
        // In place: the code that counts holds on to the lists.
        for (const [branch, list] of Object.entries(counters.b)) {
          own.b[branch]?.splice(0, Number.POSITIVE_INFINITY, ...list)
        }
      }
    },
  }
}
