import type { CarriedPart } from './carried.ts'
import { findJestModule, missing } from './jest-modules.ts'
import {
  changeCoverage,
  coverageSession,
  type JestRuntime,
  type ScriptCoverage,
  transformsOf,
} from './jest-runtime.ts'

type Transform = ReturnType<typeof transformsOf> extends Map<string, infer Value> ? Value : never

/** What was run in a branch, and in the branches of it; and the files that were loaded in it. */
export interface V8Changes {
  taken: ScriptCoverage[][]
  transforms: Array<[string, Transform]>
}

interface Merger {
  mergeProcessCovs(all: Array<{ result: ScriptCoverage[] }>): { result: ScriptCoverage[] }
}

/** Puts the coverages of several processes together: a dependency of Jest's own reporters. */
export function findMerger(): Merger | null {
  return findJestModule('@bcoe/v8-coverage') as Merger | null
}

/** Coverage by the provider `v8`: counters of the process. Null where it is not taken. */
export function v8Part(runtime: JestRuntime | undefined): CarriedPart<V8Changes> | null {
  const session = runtime && coverageSession(runtime)
  if (runtime === undefined || session === null || session === undefined) return null
  const ofBranches: ScriptCoverage[][] = []
  /** Also begins to count afresh. */
  const take = (): ScriptCoverage[] => {
    let taken: ScriptCoverage[] = []
    session.post('Profiler.takePreciseCoverage', (error, answer) => {
      if (error === null) taken = answer.result.filter(({ url }) => url.startsWith('file://'))
    })
    return taken
  }
  changeCoverage(runtime, result => {
    if (ofBranches.length === 0) return result
    const merger = findMerger()
    if (merger === null) throw missing('@bcoe/v8-coverage')
    const own = result.filter(({ url }) => url.startsWith('file://'))
    return merger.mergeProcessCovs([own, ...ofBranches].map(each => ({ result: each }))).result
  })
  return {
    begin: () => {
      take()
      ofBranches.length = 0
    },
    watch: () => {
      const known = new Set(transformsOf(runtime).keys())
      return () => ({
        taken: [take(), ...ofBranches],
        transforms: [...transformsOf(runtime)]
          .filter(([file]) => !known.has(file))
          // 29.7 has more on it: where the code begins in what was run.
          .map(([file, transform]) => [file, { ...transform }]),
      })
    },
    apply: ({ taken, transforms }) => {
      ofBranches.push(...taken)
      for (const [file, transform] of transforms) transformsOf(runtime).set(file, transform)
    },
  }
}
